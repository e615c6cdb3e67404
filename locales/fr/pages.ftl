### Autres mots des pages de la console : erreurs avec leur cause, réglages, journal en phrases.

error-impossible = Ceci n’a pas pu être fait
error-impossible-why = Rien n’a été envoyé ni modifié.
error-empty = Cette installation n’a pas encore de pays
error-empty-why = Rien n’a été envoyé. Lancez « mhero init » sur la machine, puis rouvrez cette page.
account = Votre compte
