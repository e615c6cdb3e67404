### Les dialogues dans la navigation.

nav-triggers = Déclencheurs
nav-campaigns = Campagnes
nav-calls = Appels extérieurs
