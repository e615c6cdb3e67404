### Conversations in the navigation.

nav-triggers = Triggers
nav-campaigns = Campaigns
nav-calls = Outside calls
