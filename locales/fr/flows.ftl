### Scénarios dans la console : la liste, la bibliothèque, l’import, un scénario avec son image, le jouer.

nav-conversations = Dialogues
nav-flows = Scénarios

## Liste
flows-lead = Des dialogues qui se mènent seuls : ils demandent, comprennent les réponses et gardent les résultats.
flows-empty = Il n’y a pas encore de scénario
flows-empty-why = Commencez par un scénario prêt de la bibliothèque, en français et en anglais, ou importez les vôtres.
flows-library-open = Ouvrir la bibliothèque
flows-choose = Choisir pour l’export
flows-choose-one = Choisir { $name } pour l’export
flows-export = Exporter
flows-export-hint = Les scénarios choisis, ou tous, dans un fichier pour RapidPro ou mHero.
flows-archived = Scénarios archivés
flows-archived-lead = Plus personne n’y est lancé.
flows-archived-none = Aucun scénario n’est archivé
flows-archived-n = { $n ->
    [one] { $n } scénario archivé
   *[other] { $n } scénarios archivés
}
flow-kind = Type
flow-kind-messaging = Messages
flow-kind-messaging-background = En arrière-plan
flow-kind-messaging-offline = Sur un appareil
flow-kind-voice = Voix
flow-revision = Révision
flow-live = En cours
flow-changed = Modifié
flow-origin = Origine
flow-origin-library = Bibliothèque
flow-origin-import = Import
flow-origin-console = Console

## Bibliothèque
flows-library = Bibliothèque
flows-library-lead = Des cas d’usage prêts, en français et en anglais. Ajoutez-en un, essayez-le, adaptez-le.
flows-library-here = Ajouté
flows-library-add = Ajouter à cette installation
flows-library-again = Ajouter de nouveau
flows-library-add-one = Ajouter { $name }
flows-library-added = { $name }, de la bibliothèque

## Import
flows-import = Importer des scénarios
flows-import-lead = Apportez vos scénarios. Ils se déroulent comme avant.
flows-import-file = Fichier
flows-import-hint = Un export de RapidPro ou de mHero, ou une seule définition : JSON, { $max } Mo au plus.
flows-import-button = Importer
flows-import-or-play = Seulement essayer un fichier, sans l’enregistrer
flows-import-no-file = Choisissez d’abord un fichier.
flows-import-what = Ce qui vient avec un export
flows-import-what-why = Scénarios, groupes, champs, déclencheurs et campagnes. Un scénario déjà présent reçoit une nouvelle révision ; les personnes en cours continuent où elles sont. Rien n’est envoyé.
flows-imported = Import
flows-imported-lead = { $n ->
    [one] { $n } élément lu
   *[other] { $n } éléments lus
}, { $refused ->
    [0] aucun refusé.
    [one] { $refused } refusé.
   *[other] { $refused } refusés.
}
flows-imported-go = Aller aux scénarios
import-kind-flow = Scénarios
import-kind-trigger = Déclencheurs
import-kind-campaign = Campagnes
import-kind-group = Groupes
import-kind-field = Champs
import-kind-thing = Autres
import-n-created = { $n } nouveau(x)
import-n-updated = { $n } avec une nouvelle révision
import-n-changed = { $n } modifié(s)
import-n-known = { $n } déjà présent(s)
import-n-refused = { $n } refusé(s)
import-created = Nouveau
import-updated = Nouvelle révision
import-known = Déjà présent
import-changed = Pris avec un changement
import-refused = Refusé
flow-not-there = Ceci n’existe pas ici : { $what } { $id }. Importez-le aussi, ou choisissez autre chose.

## Un scénario
flow-tabs = Pages de ce scénario
flow-tab-overview = Aperçu
flow-tab-play = Jouer
flow-tab-results = Résultats
flow-tab-triggers = Déclencheurs
flow-tab-revisions = Révisions
flow-lead = { $kind }, révision { $n }. Origine : { $origin }.
flow-this = Au sujet de ce scénario
flow-picture = Image
flow-outline = { $n ->
    [one] { $n } étape en mots
   *[other] { $n } étapes en mots
}
flow-is-archived = Ce scénario est archivé. Plus personne n’y est lancé ; les personnes en cours continuent.
flow-live-n = { $n ->
    [one] dialogue en cours
   *[other] dialogues en cours
}
flow-standing = Qui attend où
flow-step = Étape { $n }
flow-step-see = Voir l’étape
flow-findings = Vérifications
flow-findings-none = Rien à signaler.
flow-findings-n = { $n ->
    [one] { $n } remarque
   *[other] { $n } remarques
}
flow-findings-all = Les { $n } sur la page du scénario
flow-findings-more = { $n } autres ne sont pas montrées. Corrigez d’abord celles-ci.
flow-severity-error = Erreur
flow-severity-warning = Attention
flow-severity-hint = Conseil
flow-settings = Réglages
flow-set-interrupts = Il met fin aux autres dialogues
flow-set-interrupts-hint = Comme RapidPro. Sinon ils sont suspendus, puis reprennent où ils en étaient.
flow-set-keywords = Seuls les mots-clés urgents l’interrompent
flow-settings-saved = Les réglages sont enregistrés.
flow-export = Exporter ce scénario
flow-archive = Archiver
flow-restore = Remettre en service
flow-archived = Le scénario est archivé. Les personnes en cours continuent.
flow-restored = Le scénario est de nouveau en service.
flow-play = Jouer

## Lancements
flow-start = Lancer pour des personnes
flow-starts = Lancements
flow-start-number = Nº { $n }
flow-start-starting = Démarre
flow-start-started = Lancé
flow-start-cancelled = Annulé
flow-start-funnel = { $started } lancés, { $replied } ont répondu, { $complete } sont allés au bout
flow-start-head = Lancer « { $name } »
flow-start-lead = Dites pour qui. Rien n’est envoyé avant le dernier bouton.
flow-start-say = Lancer pour
flow-start-nobody = Personne ne le recevrait. Choisissez d’autres personnes.
flow-start-test = C’est un essai : il ne compte dans aucun résultat
flow-start-in-a-flow = { $n ->
    [one] { $n } d’entre elles est dans un dialogue. Il est suspendu, puis reprend.
   *[other] { $n } d’entre elles sont dans un dialogue. Il est suspendu, puis reprend.
}
flow-start-confirm = { $n ->
    [one] Il commence pour { $n } personne
   *[other] Il commence pour { $n } personnes
}
flow-start-go = { $n ->
    [one] Lancer pour { $n } personne
   *[other] Lancer pour { $n } personnes
}
flow-start-not = Pas maintenant
flow-start-done = { $n ->
    [one] Il commence pour { $n } personne.
   *[other] Il commence pour { $n } personnes.
}
flow-lane = Urgence
flow-lane-bulk = Comme un envoi
flow-lane-normal = Comme un message à quelques-uns
flow-lane-alert = Alerte : la nuit aussi

## Révisions
flow-revisions-lead = Les nouveaux dialogues prennent la révision { $n }. Qui est dans une plus ancienne y reste jusqu’à ce que vous le déplaciez.
flow-by = Par
flow-current = actuelle
flow-older = { $n ->
    [one] { $n } dialogue suit une révision plus ancienne.
   *[other] { $n } dialogues suivent une révision plus ancienne.
}
flow-move = En déplacer { $n } vers la révision actuelle
flow-move-head = { $n ->
    [one] Déplacer { $n } dialogue vers la révision { $revision } ?
   *[other] Déplacer { $n } dialogues vers la révision { $revision } ?
}
flow-move-why = Ils continuent à l’étape où ils attendent, telle que la révision actuelle la contient. Qui attend à une étape qu’elle n’a plus y reste.
flow-move-not = Les laisser
flow-moved = { $moved } déplacés. { $stranded } restent, car leur étape n’existe plus. { $busy } étaient occupés : recommencez.

## Jouer
flows-play-file = Essayer un fichier
flows-play-file-lead = Jouez un scénario tiré d’un fichier. Il n’est pas enregistré, et personne ne reçoit rien.
flows-play-which = Scénario
flows-play-which-hint = Son nom, si le fichier en contient plusieurs. Sinon le premier.
flow-play-title = Jouer « { $name } »
flow-play-lead = Écrivez comme la personne qui le reçoit. Aucun vrai téléphone n’est joint et rien n’est gardé.
flow-play-again = Recommencer
flow-play-texts = Messages
flow-play-text = Réponse
flow-play-timeout = Laisser passer le délai
flow-play-expiry = Ne jamais répondre
flow-play-call = Le scénario appelle l’extérieur. Que répond-on ?
flow-play-status = Statut
flow-play-body = Corps
flow-play-answer = Répondre à l’appel
flow-play-lost = Rien ne répond
flow-play-ended = Le dialogue est terminé.
flow-play-failed = Le scénario a échoué. Voyez ce que mHero a fait.
flow-play-results = Résultats
flow-play-no-results = Aucun pour l’instant.
flow-play-contact = Personne
flow-play-no-facts = Rien n’est connu.
flow-play-did = Ce que mHero a fait
flow-play-said = Dit :
flow-play-heard = Entendu :
flow-play-person = Jouer comme quelqu’un d’autre
flow-play-as = Commencer comme cette personne
flow-play-no-language = Aucune
flow-play-groups = Groupes
flow-play-groups-hint = Des noms, séparés par des virgules.
flow-play-fields = Champs
flow-play-fields-hint = Un par ligne : cadre = midwife
flow-play-too-long = Ce dialogue dépasse { $max } ko. Recommencez.
flow-play-unreadable = Ce dialogue ne peut plus être lu. Recommencez.

## Ce que mHero a fait, dans un dialogue joué
flow-did-field = { $name } vaut maintenant « { $value } »
flow-did-field-cleared = { $name } est maintenant vide{ $value }
flow-did-joined = Entre dans { $name }{ $value }
flow-did-left = Sort de { $name }{ $value }
flow-did-joined-and-left = Entre dans { $name }, sort de { $value }
flow-did-name = Le nom est maintenant « { $name } »{ $value }
flow-did-language = La langue est maintenant { $name }{ $value }
flow-did-timezone = Le fuseau est maintenant { $name }{ $value }
flow-did-status = L’état de la personne a changé{ $name }{ $value }
flow-did-urns = Les adresses sont maintenant { $name }{ $value }
flow-did-entered = Entre dans « { $name } »{ $value }
flow-did-run-completed = « { $name } » est terminé{ $value }
flow-did-run-expired = « { $name } » s’est terminé sans réponse{ $value }
flow-did-run-failed = « { $name } » a échoué{ $value }
flow-did-run-active = « { $name } » continue{ $value }
flow-did-run-waiting = « { $name } » attend{ $value }
flow-did-result = Gardé, { $name } : { $value }
flow-did-result-category = Compris, { $name } : « { $value } »
flow-did-labelled = Étiqueté { $name }{ $value }
flow-did-called = Appelé { $name } : { $value }
flow-did-called-in-vain = Appelé { $name } en vain{ $value }
flow-did-asked-model = { $name } a dit : { $value }
flow-did-airtime = Crédit envoyé : { $name } { $value }
flow-did-mailed = Courriel envoyé à { $name } : { $value }
flow-did-wrote-others = Écrit à d’autres : { $name }{ $value }
flow-did-started-others = D’autres sont lancés dans « { $name } »{ $value }
flow-did-ticket = Ticket ouvert{ $name }{ $value }
flow-did-timed-out = Le délai est passé{ $name }{ $value }
flow-did-expired = Pas de réponse aussi longtemps que le scénario attend{ $name }{ $value }
flow-did-problem = Impossible : { $name }{ $value }
flow-did-failure = Échec : { $name }{ $value }

## L’image
flow-pic = Image du scénario { $name }
flow-pic-start = commence ici
flow-pic-current = en est ici
flow-pic-visited = passé
flow-pic-unreachable = aucun chemin n’y mène
flow-pic-nothing = Ne fait rien
flow-pic-wait = Attend une réponse
flow-pic-dial = Attend la fin d’un appel
flow-pic-timeout = Pas de réponse en { $time }
flow-pic-result = Gardé comme : { $name }
flow-pic-choice = Regarde { $operand }
flow-pic-chance = Choisit au hasard
flow-pic-otherwise = Sinon
flow-pic-goes = étape { $n }
flow-pic-ends = la fin
flow-pic-count = { $n } ×
flow-pic-more = { $n } de plus
flow-action-add-contact-groups = Ajoute à
flow-action-add-contact-urn = Ajoute l’adresse
flow-action-add-input-labels = Étiquette la réponse
flow-action-call-classifier = Fait classer le texte
flow-action-call-llm = Interroge un modèle de langue
flow-action-call-resthook = Appelle les abonnés de
flow-action-call-webhook = Appelle
flow-action-enter-flow = Passe au scénario
flow-action-open-ticket = Ouvre un ticket
flow-action-play-audio = Fait entendre
flow-action-remove-contact-groups = Retire de
flow-action-request-optin = Demande l’accord
flow-action-say-msg = Parle
flow-action-send-broadcast = Écrit à d’autres
flow-action-send-email = Envoie un courriel
flow-action-send-msg = Dit
flow-action-set-contact-channel = Fixe le canal
flow-action-set-contact-field = Note sur la personne
flow-action-set-contact-language = Fixe la langue
flow-action-set-contact-name = Fixe le nom
flow-action-set-contact-status = Fixe l’état
flow-action-set-contact-timezone = Fixe le fuseau
flow-action-set-run-local = Retient
flow-action-set-run-result = Garde le résultat
flow-action-start-session = Lance d’autres personnes
flow-action-transfer-airtime = Envoie du crédit
flow-case-has-any-word = Un des mots { $words }
flow-case-has-all-words = Tous les mots { $words }
flow-case-has-phrase = Les mots { $words } ensemble
flow-case-has-only-phrase = Seulement { $words }
flow-case-has-only-text = Exactement { $words }
flow-case-has-beginning = Commence par { $words }
flow-case-has-pattern = Suit le motif { $words }
flow-case-has-text = Un texte{ $words }
flow-case-has-number = Un nombre{ $words }
flow-case-has-number-between = Un nombre entre { $words }
flow-case-has-number-eq = Le nombre { $words }
flow-case-has-number-gt = Plus de { $words }
flow-case-has-number-gte = { $words } ou plus
flow-case-has-number-lt = Moins de { $words }
flow-case-has-number-lte = { $words } ou moins
flow-case-has-date = Une date{ $words }
flow-case-has-date-eq = La date { $words }
flow-case-has-date-gt = Après { $words }
flow-case-has-date-lt = Avant { $words }
flow-case-has-time = Une heure{ $words }
flow-case-has-phone = Un numéro de téléphone { $words }
flow-case-has-email = Une adresse e-mail{ $words }
flow-case-has-group = Est dans le groupe { $words }
flow-case-has-category = Le résultat est { $words }
flow-case-has-error = Cela a échoué{ $words }
flow-case-has-state = Une région{ $words }
flow-case-has-district = Un district { $words }
flow-case-has-ward = Un quartier { $words }
flow-case-other = { $test } { $words }
