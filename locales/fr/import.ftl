### Importation des registres et des listes : ce qui ne va pas, et que faire.

## Un fichier entier
import-file-not-found = { $file } : ce fichier n’existe pas. Vérifiez le chemin.
import-file-folder = { $file } est un dossier. Indiquez les fichiers qu’il contient.
import-file-unreadable = { $file } ne peut pas être lu ({ $detail }). Vérifiez qu’il est complet et que vous avez le droit de l’ouvrir.
import-file-empty = { $file } est vide.
import-file-too-large = { $file } fait { $size } Mo ; la limite est de { $limit } Mo. Divisez-le en plusieurs fichiers.
import-file-unsupported = { $looks ->
    [binary] { $file } n’est ni du texte ni un tableau
   *[other] { $file } semble être du { $looks }
}, ce qui ne peut pas être importé. Fournissez une exportation FHIR (JSON), ou un tableau CSV ou XLSX.
import-file-old-spreadsheet = { $file } est un ancien classeur (.xls) ou un classeur protégé. Ouvrez-le dans votre tableur et enregistrez-le en .xlsx sans mot de passe.
import-file-json = { $file } : le JSON est abîmé à la ligne { $line }, colonne { $column }. Refaites l’exportation ou corrigez cet endroit ; rien n’en a été importé.
import-file-json-ends = { $file } s’arrête au milieu d’un enregistrement, à la ligne { $line }. La copie ou le téléchargement est incomplet : recommencez ; rien n’en a été importé.
import-file-encoding = { $file } : les lettres ne peuvent pas être lues avec certitude. Enregistrez-le en UTF-8 (dans Excel : « CSV UTF-8 ») et réessayez.
import-file-quote = { $file } : le guillemet ouvert à la ligne { $line } n’est jamais fermé. Fermez-le ou supprimez-le.
import-file-header = { $file } : aucun nom de colonne n’est connu (trouvé : { $found }). La première ligne doit nommer les colonnes, par exemple : nom, prénom, nom de famille, téléphone, matricule, cadre, poste, structure, district, région, langue, sexe, date de naissance, groupe, formation.
import-file-sheet = { $file } : il n’y a pas de feuille « { $sheet } ». Il contient : { $sheets }.
import-file-spreadsheet = { $file } est abîmé ou n’est pas un classeur Excel. Ouvrez-le dans votre tableur, enregistrez-le en .xlsx et réessayez.

import-notice-windows-1252 = Les lettres de ce fichier ont été lues en Windows-1252. Vérifiez que ce mot est correct : { $example }. Sinon, enregistrez le fichier en UTF-8 et importez-le de nouveau.
import-notice-sheets = Seule la feuille « { $sheet } » a été lue ; celles-ci ne l’ont pas été : { $others }.

## Un enregistrement qui ne peut pas entrer
import-json-broken = Le JSON est abîmé à la ligne { $line }, colonne { $column }. Corrigez cet endroit ou refaites l’exportation.
import-record-too-large = L’enregistrement dépasse { $limit } Mo.
import-not-a-resource = Ce n’est pas une ressource FHIR.
import-type-missing = La ressource ne dit pas ce qu’elle est : resourceType manque.
import-id-missing = Cette ressource { $kind } n’a pas d’identifiant (id) ; elle ne serait pas reconnue à son retour. Exportez-la avec ses identifiants.
import-entry-empty = Cette entrée du lot n’a pas de ressource ; les suppressions ne sont pas importées.
import-row-too-long = La ligne a plus de cellules qu’il n’y a de colonnes ({ $columns }). Une virgule ou un point-virgule dans un texte demande des guillemets autour.
import-row-of-nobody = La ligne ne désigne personne : indiquez un nom, un téléphone ou un identifiant.

## Une partie qui n’a pas pu servir
import-text-cut = Plus de { $limit } caractères ; le reste a été laissé de côté.
import-text-garbled = « { $text } » contient des lettres abîmées avant l’arrivée du fichier. Corrigez-les à la source.
import-number-unreadable = « { $text } » n’est pas un nombre.
import-date-unreadable = « { $text } » n’est pas une date. Écrivez 1988-04-02.
import-date-incomplete = « { $text } » n’est pas une date entière. Écrivez 1988-04-02.
import-date-ambiguous = « { $text } » peut désigner deux jours différents. Écrivez 1988-04-02.
import-date-future = Le { $text } n’est pas encore venu ; il a été laissé de côté. Corrigez le jour à la source.
import-sex-unknown = « { $text } » n’est pas connu comme sexe.
import-language-unknown = « { $text } » n’est pas connu comme langue. Utilisez son nom ou un code tel que en, fr ou kpe.
import-active-unknown = « { $text } » ne dit pas si la personne est en service ; considéré comme oui.
import-cell-broken = La formule de cette cellule a échoué ({ $text }).
import-name-missing = Il n’y a pas de nom.
import-phones-too-many = Plus de { $limit } téléphones ; les autres ont été laissés de côté.
import-phone-rounded = Le tableur a arrondi ce numéro et perdu ses derniers chiffres. Mettez la colonne au format texte et saisissez le numéro de nouveau.
import-reference-empty = La référence ne désigne rien.
import-reference-unreadable = « { $text } » ne peut pas être suivi comme référence.
import-coordinates-impossible = { $text } n’est pas un lieu sur terre.
import-position-without-person = Le poste ne désigne personne.
import-position-without-place = Le poste ne désigne aucun lieu.
import-position-several-places = Le poste désigne { $count } lieux ; seul le premier a été retenu.
import-concept-without-code = Cette entrée du système de codes n’a pas de code.
import-training-without-person = La formation ne désigne personne.
import-training-without-course = La formation ne désigne aucun cours.

## Ce qui apparaît pendant l’importation
import-source-nameless = Donnez un nom à la source.
import-source-exists = Il existe déjà une source « { $source } ».
import-busy = Une autre importation est en cours et ne se termine pas. Réessayez quand elle sera finie.
import-taken-over = Une autre importation a pris le relais de celle-ci. Importez de nouveau : ce qui est entré reste.
import-into-demo = Ceci est le pays fictif. De vraies personnes ne peuvent pas y entrer : utilisez un autre dossier de données.
import-demo-into-real = Cette installation contient de vraies personnes. Le pays fictif ne peut pas y entrer : utilisez un autre dossier de données.
import-id-twice = « { $id } » est déjà venu dans cette importation. Le dernier enregistrement compte.
import-identifier-shared = Deux personnes ont le même identifiant { $value }. Elles restent séparées ; corrigez-le dans le registre.
import-place-circle = { $place } ne peut pas se trouver sous { $above }, qui se trouve au-dessous. Il est resté où il était.
import-place-too-deep = { $place } ne peut pas se trouver sous { $above } : l’arbre des lieux deviendrait trop profond.
import-place-ambiguous = « { $text } » peut désigner plusieurs lieux : { $candidates }. Ajoutez le district ou la région.
import-place-unknown = Il n’y a pas de lieu « { $text } ». Corrigez le nom ou importez d’abord les lieux.
import-place-new = Il n’y avait pas de lieu « { $text } » ; il a été créé. Si c’est une faute de frappe, corrigez-la et importez de nouveau.
import-group-by-query = « { $group } » suit sa propre règle : personne ne peut y être ajouté.
