# Synchronisation : les sources et leurs réglages, les passages, ce qu’ils demandent et pourquoi ils échouent.

## Sources

sync-source-name = Le nom d’une source a au plus { $max } caractères. Raccourcissez-le.
sync-unknown-kind = Il n’y a pas de type de source « { $kind } ». Utilisez : { $known }.
sync-unknown-key = Ce type de source n’a pas de réglage « { $key } ». Il a : { $known }.
sync-setting = Le réglage { $key } ne peut pas être { $value }. Les durées s’écrivent 15m, 6h ou 2d (every : 1m au moins), schedule est une expression cron, shrink un pourcentage de 0 à 100.
sync-two-schedules = Donnez un intervalle (every) ou des heures fixes (schedule), pas les deux.
sync-settings-unreadable = Les réglages de la source { $source } sont illisibles. Retirez la source et ajoutez-la de nouveau ; ce qui en est venu reste.
sync-not-a-registry = La source { $source } est du type { $kind } : on ne peut rien y lire directement. Importez des fichiers avec mhero import.
sync-files-need-no-test = C’est un ensemble de fichiers : il n’y a rien à joindre. Importez avec mhero import.
sync-unknown-field = Il n’y a pas de champ « { $field } ». Utilisez : { $known }.
sync-user-phone = Ce n’est pas un numéro de téléphone des pays configurés ici. Écrivez-le avec l’indicatif du pays, par exemple +231…

## Passages

sync-under-way = Une synchronisation de la source { $source } est en cours. Attendez qu’elle se termine.
sync-cut-short = Le passage s’est interrompu : le programme a été arrêté ou le courant coupé. Ce qui était arrivé est enregistré ; le prochain passage reprend au même point.
sync-failed-inside = Ce qui est arrivé n’a pas pu être enregistré : { $why }
sync-missing-untold = Certaines fiches étaient tout à fait illisibles ; personne ne peut dire lesquelles manquent. Rien n’a été retiré comme manquant.
sync-asks-removals = La source retirerait { $people } personnes sur { $of_people } et { $places } lieux sur { $of_places }. Au-delà de { $percent } %, rien ne part sans l’accord d’un responsable.
sync-would-go = partirait
sync-asks-no-more = Ce passage ne demande plus rien : quelqu’un a répondu, ou un passage plus récent a eu lieu.
sync-not-undoable = Ce passage ne peut pas être annulé : son état est { $state }.
sync-changed-since = Modifiée depuis, elle reste telle quelle.
sync-reason-unknown = La raison notée n’est plus lisible.

## Ligne de commande

cli-source-set = Les réglages de { $name } sont modifiés.
cli-source-removed = La source { $name } est retirée.
cli-source-retired = La source { $name } n’est plus lue : adresse, réglages et horaire sont retirés. Ce qui en est venu reste.
cli-source-works = La source { $name } répond et nous laisse entrer.
cli-source-queued = un passage est demandé
cli-column-field = champ
cli-column-sources = sources
cli-column-success = dernier succès
cli-column-run = passage
cli-column-began = début
cli-column-counts = nombres
cli-column-verdict = verdict
cli-column-record = fiche
cli-column-where = emplacement
cli-user-phone-set = Le téléphone de { $email } est modifié.
cli-sync-failed = Le passage a échoué : { $why }
cli-sync-asks = { $why } Tout le reste est enregistré. Pour les laisser partir : mhero sync { $name } --allow-removals. Pour les garder : mhero sync { $name } --refuse-removals { $run }
cli-sync-refused = Personne n’est retiré. Le prochain passage commence après celui-ci.
cli-sync-removed = { $n ->
    [one] { $n } fiche n’existe plus.
   *[other] { $n } fiches n’existent plus.
}
cli-sync-undone = { $restored } fiches sont comme avant ; { $kept } ont été modifiées depuis et restent.
cli-doctor-registry = Le registre { $name } : { $why }
cli-doctor-registry-never = Le registre { $name } n’a pas encore été lu. Tapez mhero sync { $name }
cli-doctor-registry-asks = Le registre { $name } attend votre réponse depuis le { $since } : { $why }
cli-doctor-registry-fine = Le registre { $name } a été lu pour la dernière fois le { $since }.
cli-reason-on-leave = en congé

## SMS aux administrateurs : seulement des lettres GSM-7, 160 au plus avec leurs variables

alert-registry-silent = mHero : pas de nouvelles du registre { $source } depuis { $since }. Voyez pourquoi dans la console, page Registres.
alert-registry-never = mHero : le registre { $source } n'a pas encore répondu. Voyez pourquoi dans la console, page Registres.

## Qui est écarté

out-on-leave = En congé
