# Tables of which somebody said what the columns mean.

import-mapping-unknown = The settings of this source say that the column “{ $column }” is “{ $meaning }”, which means nothing. It can be: { $known }; or ignore.
