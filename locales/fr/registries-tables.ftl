# Tableaux dont quelqu’un a dit ce que signifient les colonnes.

import-mapping-unknown = Les réglages de cette source disent que la colonne « { $column } » est « { $meaning } », ce qui ne veut rien dire. Elle peut être : { $known } ; ou ignore.
