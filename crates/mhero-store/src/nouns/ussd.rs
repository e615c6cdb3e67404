//! Dialogues with phones that dialled a code, and the messages that go onto their screens.

use mhero_core::{ChannelId, ConversationId, MessageId, PersonId};

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    GET = "SELECT session, path, turn, heard, screen, is_over, rest, held_until, version, at FROM ussd_dialog WHERE channel = $1 AND session = $2";
    ADD = "INSERT INTO ussd_dialog (channel, session, path, turn, heard, screen, is_over, rest, held_until, version, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10) ON CONFLICT (channel, session) DO NOTHING";
    SET = "UPDATE ussd_dialog SET turn = $3, heard = $4, screen = $5, is_over = $6, rest = $7, held_until = $8, at = $9, version = version + 1 WHERE channel = $1 AND session = $2 AND version = $10";
    FORGET = "DELETE FROM ussd_dialog WHERE at < $1";
    /// Phones whose next screen is in the making.
    HELD = "SELECT DISTINCT path FROM ussd_dialog WHERE channel = $1 AND held_until > $2 ORDER BY path ASC NULLS LAST";
    /// By the number: there is no index on the channel of what waits, and a phone has few messages.
    FOR_SCREEN = "SELECT m.id, m.person, m.conversation, o.attempt, b.text FROM message m JOIN outbox o ON o.message = m.id JOIN message_body b ON b.id = m.body WHERE m.path = $2 AND m.scheme = 'tel' AND m.direction = 'out' AND m.state = 'waiting' AND o.channel = $1 AND NOT o.held AND NOT o.submitting ORDER BY o.sequence ASC NULLS LAST, m.id ASC NULLS LAST LIMIT 50";
    UNREAD = "SELECT EXISTS (SELECT 1 FROM intake WHERE scheme = 'tel' AND path = $1)";
    /// By the channel that is named, else by the route of the number, else by the default.
    TO_SMS = "UPDATE outbox SET channel = COALESCE($3, (SELECT r.channel FROM route r JOIN message m ON m.id = outbox.message WHERE substr(m.path, 1, length(r.prefix)) = r.prefix AND r.channel <> $2 ORDER BY length(r.prefix) DESC NULLS LAST LIMIT 1)) WHERE message = $1 AND channel = $2 AND NOT submitting AND NOT held";
    /// The best address of a person, for a channel that carries to no phones.
    ADDRESS = "SELECT u.path FROM person_urn u WHERE u.person = $1 AND u.scheme = $2 AND u.path IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stop s WHERE s.scheme = u.scheme AND s.path = u.path AND s.list = '') ORDER BY u.rank ASC NULLS LAST, u.id ASC NULLS LAST LIMIT 1";
    /// Registries keep mail addresses as a field of the person.
    FIELD_EMAIL = "SELECT v.text FROM person_value v JOIN field f ON f.id = v.field WHERE v.person = $1 AND f.key = 'email' AND v.text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stop s WHERE s.scheme = 'mailto' AND s.path = v.text AND s.list = '')";
    READDRESS = "UPDATE message SET scheme = $2, path = $3, version = version + 1 WHERE id = $1 AND state IN ('waiting', 'uncertain')";
    TITLE = "SELECT c.name FROM message m JOIN broadcast c ON c.id = m.broadcast WHERE m.id = $1";
}

/// A dialogue as it stood after its last answer.
#[derive(Clone, PartialEq, Eq)]
pub struct UssdDialog {
    /// The network's own name for it.
    pub session: String,
    /// The phone, E.164.
    pub path: String,
    /// Answers given so far; 0 while the first is in the making.
    pub turn: i64,
    /// What had come when the last answer was given.
    pub heard: String,
    /// What was shown.
    pub screen: String,
    /// Whether it ended with that.
    pub is_over: bool,
    /// The pages that follow, a list in JSON.
    pub rest: String,
    /// Until when messages to this phone wait for the screen in the making, in UTC microseconds; 0 for none.
    pub held_until: i64,
    /// Version, for guards.
    pub version: i64,
    /// When it was written last, in UTC microseconds.
    pub at: i64,
}

impl std::fmt::Debug for UssdDialog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The rest holds number and texts.
        f.debug_struct("UssdDialog").field("turn", &self.turn).field("is_over", &self.is_over).finish_non_exhaustive()
    }
}

impl UssdDialog {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            session: row.get(0)?,
            path: row.get(1)?,
            turn: row.get(2)?,
            heard: row.get(3)?,
            screen: row.get(4)?,
            is_over: row.get(5)?,
            rest: row.get(6)?,
            held_until: row.get(7)?,
            version: row.get(8)?,
            at: row.get(9)?,
        })
    }
}

/// A message that waits for the screen of its phone.
#[derive(Clone, PartialEq, Eq)]
pub struct ForScreen {
    /// The message.
    pub message: MessageId,
    /// Whose it is.
    pub person: PersonId,
    /// The conversation that it belongs to.
    pub conversation: Option<ConversationId>,
    /// Attempts before this one.
    pub attempt: i64,
    /// The text; `None` once erased.
    pub text: Option<String>,
}

impl std::fmt::Debug for ForScreen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForScreen").field("message", &self.message).finish_non_exhaustive()
    }
}

impl Unit {
    /// Begins a dialogue; the unit fails where there is one of this name.
    pub fn add_ussd_dialog(&mut self, channel: ChannelId, d: &UssdDialog) -> &mut Self {
        let UssdDialog { session, path, turn, heard, screen, is_over, rest, held_until, at, version: _ } = d;
        self.one(&ADD, params![channel, session, path, *turn, heard, screen, *is_over, rest, *held_until, *at])
    }

    /// Writes how a dialogue stands; the unit fails where somebody else was faster. `d.version` is the one that was read.
    pub fn set_ussd_dialog(&mut self, channel: ChannelId, d: &UssdDialog) -> &mut Self {
        let UssdDialog { session, turn, heard, screen, is_over, rest, held_until, at, version, path: _ } = d;
        self.one(&SET, params![channel, session, *turn, heard, screen, *is_over, rest, *held_until, *at, *version])
    }

    /// Forgets dialogues that were last written before an instant.
    pub fn forget_ussd_dialogs(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET, params![before])
    }

    /// Gives a message that waits for a screen to a channel of SMS: the one that is named, else the route's, else the default.
    pub fn from_screen_to_sms(&mut self, message: MessageId, screen: ChannelId, sms: Option<ChannelId>) -> &mut Self {
        self.run(&TO_SMS, params![message, screen, sms])
    }

    /// Gives a message that has not left another address of its person.
    pub fn readdress(&mut self, message: MessageId, scheme: &str, path: &str) -> &mut Self {
        self.one(&READDRESS, params![message, scheme, path])
    }
}

impl Store {
    /// A dialogue by the network's name for it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn ussd_dialog(&self, channel: ChannelId, session: &str) -> Result<Option<UssdDialog>, StoreError> {
        self.first(&GET, params![channel, session]).await?.as_ref().map(UssdDialog::read).transpose()
    }

    /// Phones whose next screen is in the making at an instant.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_for_screens(&self, channel: ChannelId, now: i64) -> Result<Vec<String>, StoreError> {
        self.query(&HELD, params![channel, now]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// What waits for the screen of a phone, in order.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn for_screen(&self, channel: ChannelId, path: &str) -> Result<Vec<ForScreen>, StoreError> {
        let rows = self.query(&FOR_SCREEN, params![channel, path]).await?;
        let read = |row: &Row| {
            Ok(ForScreen {
                message: row.get(0)?,
                person: row.get(1)?,
                conversation: row.get(2)?,
                attempt: row.get(3)?,
                text: row.get(4)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Whether a text of a phone has not been handled yet.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn has_unread(&self, path: &str) -> Result<bool, StoreError> {
        self.first(&UNREAD, params![path]).await?.map_or(Ok(false), |row| row.get(0))
    }

    /// The best address of a person of a scheme, which has not asked to stop everything.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn address_of(&self, person: PersonId, scheme: &str) -> Result<Option<String>, StoreError> {
        let own: Option<String> =
            self.first(&ADDRESS, params![person, scheme]).await?.map(|row| row.get(0)).transpose()?;
        if own.is_some() || scheme != "mailto" {
            return Ok(own);
        }
        let kept = self.first(&FIELD_EMAIL, params![person]).await?.map(|row| row.get::<String>(0)).transpose()?;
        Ok(kept.map(|address| address.trim().to_owned()).filter(|address| !address.is_empty()))
    }

    /// The title of the broadcast that a message is of; `None` for every other message.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn title_of(&self, message: MessageId) -> Result<Option<String>, StoreError> {
        self.first(&TITLE, params![message]).await?.map(|row| row.get(0)).transpose()
    }
}
