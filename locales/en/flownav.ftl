### Conversations in the navigation.

nav-conversations = Conversations
nav-flows = Flows
nav-triggers = Triggers
nav-campaigns = Campaigns
nav-calls = Outside calls
