# Personnes en congé, et qui peut écrire aux personnes de qui.
out-no-consent = Leur registre ne permet pas à d’autres de leur écrire
cli-reason-no-consent = leur registre ne permet pas à d’autres de leur écrire
flow-start-on-leave = { $n ->
    [one] L’une d’elles est en congé. Le scénario est lancé quand même, car il s’adresse nommément à cette personne.
   *[other] { $n } d’entre elles sont en congé. Le scénario est lancé quand même, car il s’adresse nommément à ces personnes.
}
cli-flow-start-on-leave = { $people ->
    [one] Une personne est en congé, et le scénario est lancé quand même
   *[other] { $people } personnes sont en congé, et le scénario est lancé quand même
}
sources-consent = Messages d’autrui
sources-consent-why = Le responsable de ces personnes peut dire si d’autres ont le droit de leur écrire : sinon, un message à un public mêlé ne leur est pas envoyé. Les alertes les atteignent toujours, et le journal d’audit le dit.
sources-consent-others = D’autres peuvent écrire à ces personnes
sources-consent-owner = Programme dont les messages sont les leurs
sources-consent-owner-hint = Son code. Laissez vide s’il n’y en a pas : un message à ces seules personnes compte alors comme le leur.
sources-consent-save = Enregistrer
sources-consent-saved = Enregistré.
cli-consent-set = { $others ->
    [yes] D’autres peuvent écrire aux personnes de « { $name } »
   *[no] D’autres ne peuvent pas écrire aux personnes de « { $name } » : les messages à un public mêlé ne leur sont pas envoyés, sauf les alertes
}
cli-column-others = D’autres peuvent écrire
cli-column-owner = Responsable
did-consent-set = a dit si d’autres peuvent écrire aux personnes d’un registre.
did-consent-passed = a laissé partir une alerte vers des personnes à qui d’autres ne peuvent pas écrire.
cli-others-yes = oui
cli-others-no = non
wayback-source-says = « { $source } » le dit. Cette valeur n’est pas la sienne.
sync-notify-address = « { $value } » n’est pas une adresse à nous pour « notify ». Écrivez celle à laquelle le registre joint ce serveur, comme https://mhero.example.org, ou no.
sync-subscription-says = Le registre dit : { $detail }
sync-subscription-error = Le registre dit qu’il ne peut pas nous joindre. On le lui redemande ; entre-temps, les changements sont lus selon le calendrier.
sync-subscription-off = Le registre l’a désactivée. On le lui redemande ; entre-temps, les changements sont lus selon le calendrier.
sync-write-out-off = Personne ne dit qui doit être écrit dans { $source }. Indiquez un public avec --to, ou réglez write_out pour la source : un public, ou yes pour tout le monde.
sync-keeps-nobody = { $source } ne peut pas recevoir nos personnes.
sync-write-out-kept = Changé là-bas entre-temps, et laissé tel quel : { $fields }
registry-fhir-no-id = { $host } a pris { $kind } sans dire sous quel identifiant.
setting-notify = Nous prévenir aussitôt
setting-notify-hint = L’adresse à laquelle le registre joint ce serveur, comme https://mhero.example.org. On lui demande d’y signaler les changements. Vide : les changements sont lus selon le calendrier seulement.
setting-write-out = Y écrire les personnes
setting-write-out-hint = Un public, ou yes pour tout le monde. Les contacts y sont créés et modifiés après chaque lecture ; ce que quelqu’un y change reste.
sources-told = Notifications
sources-told-asked = demandé, pas confirmé
sources-told-active = fonctionne
sources-told-error = ne fonctionne pas
sources-told-off = désactivé
sources-out = Écrites là-bas
sources-out-written = { $n } en ordre
sources-out-kept = { $n } avec des valeurs changées là-bas
sources-out-conflict = { $n } dont le numéro ou la fiche y est à quelqu’un d’autre
sources-out-refused = { $n } refusées
did-people-written-out = a écrit des personnes dans une autre instance.
cli-write-out-done = Personnes : { $matched }. Créées : { $created }. Modifiées : { $updated }. Inchangées : { $unchanged }. Sans numéro : { $without }.
cli-write-out-would = Personnes : { $matched }. À créer : { $created }. À comparer et modifier : { $updated }. Inchangées : { $unchanged }. Sans numéro : { $without }.
cli-write-out-problems = Laissées comme changées là-bas : { $kept }. À quelqu’un d’autre là-bas : { $conflicts }. Refusées : { $refused }.
cli-write-out-left = { $people ->
    [one] Une personne attend
   *[other] { $people } personnes attendent
} la prochaine fois.
