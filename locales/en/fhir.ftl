## Clients of the FHIR server as sources

source-kind-fhir-client = Client of the FHIR server
source-kind-fhir-client-why = Made by itself, when a system with a token writes people or places at /fhir for the first time.
source-kind-fhir-client-example = https://hr.example.org
source-fhir-client = Such a source is made by itself when a system with a token writes at /fhir; nobody adds one.
source-fhir-waiting = What this system has just written is taken in first; the correction follows.
