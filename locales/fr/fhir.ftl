## Les clients du serveur FHIR comme sources

source-kind-fhir-client = Client du serveur FHIR
source-kind-fhir-client-why = Créé de lui-même, quand un système muni d’un jeton écrit pour la première fois des personnes ou des lieux à /fhir.
source-kind-fhir-client-example = https://rh.example.org
source-fhir-client = Une telle source se crée d’elle-même quand un système muni d’un jeton écrit à /fhir ; personne ne l’ajoute.
source-fhir-waiting = Ce que ce système vient d’écrire est d’abord pris en compte ; la correction suit.
