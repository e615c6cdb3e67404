### Annuaires CSD (OpenInfoMan, iHRIS 4) : ce qui ne va pas, et que faire.

## Un document
csd-broken = { $file } : le XML est mal formé à la ligne { $line }. Exportez-le à nouveau ou corrigez cet endroit ; rien n’en a été importé.
csd-ends-early = { $file } s’arrête au milieu, à la ligne { $line }. La copie ou le téléchargement est incomplet : récupérez-le à nouveau ; rien n’en a été importé.
csd-document-type = { $file } contient un type de document (<!DOCTYPE) à la ligne { $line }, ce que CSD n’a jamais et qui peut servir à nuire. Il n’a pas été lu. Exportez-le à nouveau sans cela.
csd-too-large = { $file } contient des éléments trop imbriqués, ou un seul texte trop grand, vers la ligne { $line }. Ce n’est pas un annuaire.
csd-other-xml = { $file } n’est pas un annuaire CSD : son élément extérieur est « { $root } ». En XML, seul CSD peut être lu (d’OpenInfoMan ou d’iHRIS 4).
csd-other-namespace = { $file } : « { $root } » appartient à « { $found } », et non à CSD (urn:ihe:iti:csd:2013). Exportez-le dans cette version.
csd-fault = { $file } répond par une erreur : { $text }

## Un annuaire comme source
csd-document = Le document { $value } n’a pas un nom possible : utilisez des lettres, des chiffres et - _ . ; séparez-en plusieurs par des virgules.
csd-mode = La transaction (mode) ne peut pas être { $value } : utilisez updates (ITI-74), search (ITI-73) ou document (le document entier à chaque fois).
csd-mode-needs-document = La transaction (mode) { $mode } demande un document : indiquez son nom dans OpenInfoMan, par exemple Providers.
csd-number = Le réglage { $key } ne peut pas être { $value } : indiquez un nombre entier de { $min } à { $max }.
csd-answers = { $host } répond et nous laisse entrer.
csd-holds = « { $document } » contient { $providers } agents de santé, { $facilities } établissements, { $organizations } organisations et { $services } services.
csd-empty = « { $document } » ne contient personne. Vérifiez son nom, et si OpenInfoMan l’a rempli (update_cache).
csd-ignores-since = { $host } a envoyé des fiches qui n’avaient pas changé depuis la dernière lecture. Elles ont été comparées et laissées telles quelles.
csd-ignores-paging = { $host } envoie tout d’un coup au lieu de page par page. Cela marche, mais demande plus de temps et de mémoire.
csd-paging-loop = { $host } envoie toujours la même page. Choisissez la transaction (mode) updates, ou davantage de fiches par page (page).
csd-no-function = { $host } ne connaît pas la fonction { $function } ; cette partie n’a pas été lue.

## Écrire en retour
csd-unwritable = L’annuaire ne peut pas recevoir ici un changement de { $field }.
csd-bad-value = La nouvelle valeur de { $field } ne convient pas à cet annuaire.
csd-source-record = La fiche lue en dernier ne peut plus être comprise. Relisez la source (lire maintenant), puis acceptez à nouveau le changement.
csd-not-kept = L’annuaire a accepté le changement et garde pourtant l’ancienne fiche. Vérifiez que son document peut être modifié.
