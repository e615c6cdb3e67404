//! Everyday words that lie one slip away from words that commands are made of. A text that holds one of them means it.

use std::{collections::HashSet, sync::LazyLock};

/// English and French words of up to eight letters that people of the field write often, beside those of the phrase tables.
const WORDS: &str = "\
am an and are as at be by do dont for he in is it me my no not of on or our she so the to too up us we you ya yo au aux ca ce ces ci de des \
du eh en es et il ils je la le les leur ma mes moi ne nos nous on ou par pas sa se ses si ta te tu un une vos y \
about above after alter alters area arm arms around arrive arrived ask back bad bag bags balance bank bed beds been bell best better big \
bill black blood blue body bone book born boss both box boxes boy boys breath bring brought bus but buy call called calls came camp can \
cancer card care case cases cash catch chance change cheap cheek cheque chest chick child church city clean clear clinic close closed \
cloth coat code coin cold come comes coming cook cool copy cord core cough could count course cross cure date dates day days dead deaf \
deal dear death deep deer delay did died diet dirty does dog done door down drink drive drop dry due each ear early earn east easy eat \
else end ended ending ends even ever every eye eyes face fact fall family far farm fast father fear feel feet fell felt fever few field \
fill film final fine finger fire first fish fit five fix flag floor flu food foot for form found four free fresh friday friend from \
full gave girl girls give gives glad go goes gone good got great green ground group grow gun had hair half hand hands hard harm has head \
heal health hear heard heart heat heavy held hell her here high hill him hip his hole home hope hospital hot hour house hunger hurt \
ice idea ill injured into issue its job join joint just keep kept key kid kids kill kind king knee knew know labour lack lady lamp land \
large last late law lay lead leaf lean leap least left leg legs less let letter level lie life lift light like line lip lips live liver \
lock long look lost lot loud love low lower luck lunch made main make male man many map mark market mass mate may mean meet meeting melt \
men mental met mind mine miss missing mix mode mom moment money monday month months moon more most mother mouth move moved much mud name \
near neck need needs net nets new news next nice night nine none noon nose note nurse off office often oil old once one only open or \
other our out over own pack paid pain pair paper part pass past path patient pay peace people person phone pick piece pill pink pipe \
place plan play point police polite poor pot power price pull pump push put quick quiet quite quit quota rain ran rash rat rate rather \
raw reach read ready real red rent rest rice rich ride right ring rise river road room root rope round rule run sad safe said sale salt \
same sand save say school sea seat see seed seek seem seen sell sent serve set seven sharp she shelf ship shirt shock shoe shop short \
shot should shout show shut sick side sign silk since sing sister sit site six size skin sky sleep slow small smart smell smoke snake \
soap sold some son song soon sore sort soul sound soup south space speak spell spend spot spring staff stair stamp stand star start \
state stay steal steel stem step stick still stir stolen stomach stone stood store storm story street stress strong stuck study such suit \
sun sure surprise sweat sweet swell swim take talk tall task tea teach team tear teeth tell ten test than them then there they thing \
think third this thread three throat tie time tired today toe told took tool top touch tour town train treat tree trip truck true try \
turn two type under until upon urine use used vein very visit vomit vote wait walk wall want war warm wash was watch water way weak wear \
week weekend weeks weight well went were west wet what when where which white who whole whose why wide wife will win wind wish with \
woman women word work world worm worse would wound write wrong year years yes yet you young your zone \
accord accouche achat acheter actes action adieu age agent agents aime aimer ainsi ait aller alors amie annee appel appels appelle \
apporte apprend apres argent arme arrivage arrive arrivee assez attend aucune aussi autre avait avant avec avoir bas beau bebe besoin \
bien blesse boire bois boite boites bon bonne bord bouche bras bruit bureau cadre car carte cas casse cause celle celui cent cents cette \
chaleur chaud chemin cher chez choix chose chute cinq clair classe coeur coin combien comme compte conge connais contre cope corde corps \
cote cou coup coupe cour coute couts crise croix dame dans date debut decede deces dehors deja demain demande depart depuis dernier deux \
devant dire dit dix dois doit donc donne dormir dos doute droit dur duree eau ecole ecrit elle encore enfant enfants enfin ensuite entre \
envoi envoye epaule est etait etat ete etre eux evident face faible faim faire fait famille faut femme fete feu fievre filet fille film \
fils fin fini foie fois fond font force forme fort froid frere gant gants garde genou genre gens grand grave grippe gros groupe habite \
haut heure heures hier homme hopital ici idee il ils infirmier jamais jambe jaune jeu jeudi jeune jour jours juin jus juste lait langue \
large laver lent lettre leur libre lieu ligne lire lit lits livre loi loin lors lourd lui lundi lune main mains mais maison maladie \
maladies malades malaise manque marche mardi mari mars matin mauvais medecin meme mer mere mes mesure met mieux mis mise mode moins mois \
moment mon monde monte mort morte morts mot mots mourir mur ne nee nez noir nom nombre nord note notre nous nouveau nuit nul numero oeil \
ongle ont or ou oui outre ouvert paie pain paix papa par parce pareil paragem parler parle part partir partie passe pause paye payer \
pays peau peine pendant perdu pere petit petite peu peur pied pieds piqure place plaie plein pleure pluie plusieurs poids point pompe \
porte pose poste pot pouce poste pour pourquoi premier prend pres presque pret prise prix probable propre puis quand quatre que quel \
quelle qui quoi rage rapport recent recente recul refus regle rendre reponse repos repond reprend reprises reste retard retraite reunion \
rien rire rouge route rue rythme sable sac sain saison salaire salle sang sante sauf savoir sein selon semblable sens sept serait \
seringue seul si sien signe six soeur soif soin soins soir sois soit sol soleil somme sommeil son sont sorte soupe sous souvent stage \
suis suit suite suivi sujet sur surtout table tache tard tasse tel temps tenir terre tes tete toi toit tomber tot toujours toux travail \
tres triste trois trop trouve tube urine usage va vaccin vais valide vent vente ventre vers verre vert veux vide vie vient vieux ville \
vin visage visite vite vivre voici voie voir vois voisin voit voix vol vont vous voyage vrai vu vue yeux zone";

static ORDINARY: LazyLock<HashSet<&'static str>> = LazyLock::new(|| WORDS.split_whitespace().collect());

/// Whether a folded word is one of them.
pub(super) fn is_ordinary(word: &str) -> bool {
    ORDINARY.contains(word)
}
