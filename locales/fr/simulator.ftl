# Le simulateur de téléphones comme canal : ce qui ne va pas dans ses réglages ou dans une demande.

simulator-behaviour = { $key }={ $value } est inconnu : utilisez { $key }=none (les téléphones ne font que recevoir) ou { $key }=answer (les téléphones répondent).
simulator-pace = { $key }={ $value } n'est pas un rythme : utilisez demo, field, ou un nombre de 0.001 à 100 (1 est le rythme du terrain).
simulator-seed = { $key }={ $value } n'est pas une graine : utilisez un nombre entier à partir de 0.
simulator-delay = { $key }={ $value } n'est pas un délai : utilisez des millisecondes, de 0 à 3600000.
simulator-no-number = Ce n'est pas un numéro de téléphone : utilisez la forme internationale, comme +231770000214.
simulator-none = Il n'y a pas de canal simulateur : ajoutez-en un avec mhero channel add simulator NOM.
simulator-other-kind = Le canal { $name } n'est pas un simulateur : nommez-en un de KIND simulator.
simulator-unread = Le simulateur n'a pas pu lire ses téléphones : { $detail }.
