### Qui peut faire quoi avec les scénarios, les lancements arrêtés, les mots qu’aucun mot-clé ne peut prendre.

## Déclencheurs
trigger-word-starts = « { $word } » veut dire START : qui l’écrit veut de nouveau des messages. Choisissez un autre mot.
trigger-word-not-me = « { $word } » dit que le téléphone est chez une autre personne. Choisissez un autre mot.
trigger-word-chooses = « { $word } » sert à choisir dans une liste : il couperait chaque question. Choisissez un mot d’au moins deux lettres.
trigger-word-answers = « { $word } » sert à dire qu’on a lu un message : il lancerait le scénario par erreur. Choisissez un autre mot.

## Lancements
flow-start-over = Le lancement nº { $number } est fini : tout le monde a été lancé, ou il a été arrêté avant. Il n’y a plus rien à arrêter.

## Ce que les gens ont fait, au journal
did-flow-programme-set = a donné un scénario à un autre programme.
did-flow-start-stopped = a arrêté le lancement d’un scénario ; qui restait n’est pas lancé.
did-flow-sessions-moving = a commencé à faire passer les personnes en attente à la nouvelle version d’un scénario.

## La page de lancement
flow-start-errors = { $n ->
    [one] Les contrôles trouvent une erreur dans ce scénario.
   *[other] Les contrôles trouvent { $n } erreurs dans ce scénario.
 } Tel qu’il est écrit, il ne peut pas marcher.
flow-start-despite = Lancer quand même
flow-start-stop = Arrêter ce lancement
flow-start-stop-done = Le lancement est arrêté. Qui n’était pas encore lancé ne le sera pas ; les conversations en cours continuent.
out-start-stopped = pas lancé : le lancement a été arrêté
flow-programme = Programme
flow-programme-none = Tout le pays
flow-of-programme = Du programme { $name }.

## La ligne de commande
cli-reason-start-stopped = le lancement a été arrêté avant leur tour
cli-flow-start-errors = Les contrôles trouvent { $count ->
    [one] une erreur dans ce scénario
   *[other] { $count } erreurs dans ce scénario
 }, qui ne peut pas marcher tel qu’il est écrit :
cli-flow-start-stopped = Le lancement nº { $number } est arrêté. { $people ->
    [one] Une personne a été lancée
   *[other] { $people } personnes ont été lancées
 }, et personne d’autre ne le sera.
cli-flow-moving = { $people ->
    [one] Une personne passe
   *[other] { $people } personnes passent
 } à la nouvelle version, l’une après l’autre ; la page des versions du scénario dit où cela en est.

## Passer à la nouvelle version
flow-moving = { $done } personnes sur { $total } ont été examinées : { $moved } sont passées, { $stranded } restent car leur étape n’existe plus, { $busy } sont en train de répondre. Cela continue tout seul.

## Tout autre texte
trigger-catch-all-limit = Une même personne reçoit ainsi { $n } réponses par jour au plus : ce qui écrit tout seul, un numéro de service par exemple, ne reçoit pas de réponse sans fin. Les textes suivants vont dans la boîte de réception.

## Grands scénarios
flow-picture-whole = L’image entière, { $n } étapes, à part
flow-steps-part = Étapes { $first } à { $last } sur { $n }
flow-steps-before = Étapes précédentes
flow-steps-after = Étapes suivantes
