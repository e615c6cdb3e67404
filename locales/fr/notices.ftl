notice-url = « { $url } » n'est pas une adresse à prévenir : écrivez https://hote/chemin.
notice-url-long = Une adresse a au plus { $max } caractères.
notice-url-password = Mettez le mot de passe dans un en-tête (Authorization: …), pas dans l'adresse : les en-têtes sont gardés scellés.
notice-headers = Au plus { $max } en-têtes.
notice-header = L'en-tête « { $name } » est inutilisable : un nom de lettres et de tirets, une valeur sur une ligne ; Host, Content-Type et les semblables sont posés par mHero.
alert-nobody = Aucun des destinataires de la CommunicationRequest { $id } n'est quelqu'un d'ici à qui un message pourrait aller.
