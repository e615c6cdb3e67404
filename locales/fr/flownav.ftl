### Les dialogues dans la navigation.

nav-conversations = Dialogues
nav-flows = Scénarios
nav-triggers = Déclencheurs
nav-campaigns = Campagnes
nav-calls = Appels extérieurs
