//! The sandbox, made when somebody first needs it: a place, a channel that is a simulator, and people with numbers of no network.
//!
//! See [`mhero_core::sandbox`] for what keeps it apart.

use mhero_core::{Lang, LangMap, PersonId, PositionId, Right, Scope, SourceRecordId, sandbox};
use mhero_query::{fold, name_key, name_tokens};
use mhero_store::{ChannelRow, PersonRow, PlaceRow, PositionRow, Queue, StoreError, Unit, UrnRow};
use uuid::Uuid;

use crate::{
    App, AppError, Caller,
    messaging::{Accepted, Received},
    simulator,
};

/// Its people: given name, family name, language. Invented, like those of the synthetic country.
const PEOPLE: [(&str, &str, Lang); 12] = [
    ("Ama", "Sandbox", Lang::ENGLISH),
    ("Binta", "Sandbox", Lang::FRENCH),
    ("Comfort", "Sandbox", Lang::ENGLISH),
    ("Desmond", "Sandbox", Lang::ENGLISH),
    ("Esther", "Sandbox", Lang::ENGLISH),
    ("Fatou", "Sandbox", Lang::FRENCH),
    ("Garmai", "Sandbox", Lang::ENGLISH),
    ("Hawa", "Sandbox", Lang::ENGLISH),
    ("Ibrahima", "Sandbox", Lang::FRENCH),
    ("Josephine", "Sandbox", Lang::ENGLISH),
    ("Korto", "Sandbox", Lang::ENGLISH),
    ("Lamine", "Sandbox", Lang::FRENCH),
];
/// The id of its first person; the others follow.
const FIRST: u128 = 0x6d48_6572_6f00_8000_8000_7361_6e64_1000;
/// Its name, as accounts show it.
const NAME: &str = "Sandbox";

impl App {
    /// Makes the sandbox, unless it is there. Returns the place to which whoever is to be in it is narrowed.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Store`].
    pub async fn make_sandbox(&self, caller: &Caller) -> Result<mhero_core::PlaceId, AppError> {
        caller.must(Right::Settings)?;
        if self.store().is_place(sandbox::place()).await? {
            return Ok(sandbox::place());
        }
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        // Closed, so that no list of the country's places shows it.
        let place = PlaceRow {
            id: sandbox::place(),
            parent: None,
            level: Some(sandbox::STANDING.to_owned()),
            name: LangMap::one(Lang::ENGLISH, NAME),
            is_facility: true,
            active: false,
            position: None,
            zone: None,
        };
        unit.add_place(&place, &fold(NAME), now);
        unit.add_channel(
            &ChannelRow {
                id: sandbox::channel(),
                name: self.free_channel_name().await?,
                kind: simulator::KIND.to_owned(),
                config: "{}".to_owned(),
                secret: None,
                sender: None,
                parts_per_second: 0.0,
                active: true,
            },
            now,
        );
        for (at, (given, family, language)) in (0_u128..).zip(PEOPLE) {
            add_person(&mut unit, at, (given, family, language), now);
        }
        let about = Some(sandbox::place().uuid());
        unit.audit(self.store(), &caller.entry("sandbox-made", "place", about, serde_json::json!({})));
        match self.store().write(unit, Queue::Interactive).await {
            // Somebody else made it at the same moment.
            Err(StoreError::Exists { .. }) if self.store().is_place(sandbox::place()).await? => {}
            other => drop(other?),
        }
        self.carriers().forget_rows();
        self.wake();
        Ok(sandbox::place())
    }

    /// The first name for the channel that no other has.
    async fn free_channel_name(&self) -> Result<String, AppError> {
        let taken = self.store().channels().await?;
        let mut names = std::iter::once("sandbox".to_owned()).chain((2..).map(|n| format!("sandbox {n}")));
        Ok(names.find(|name| taken.iter().all(|channel| channel.name != *name)).unwrap_or_default())
    }

    /// A text from one of the sandbox's phones, as if its owner had written it. The same once-only key writes once.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where the number is none of the sandbox's; [`AppError::NotAllowed`] outside it.
    pub async fn write_from_sandbox(
        &self,
        caller: &Caller,
        path: &str,
        text: &str,
        once_key: Option<&str>,
    ) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        let is_there = caller.scope.is_in_sandbox() && self.is_sandbox_number(&caller.scope, path).await?;
        if !is_there {
            return Err(AppError::not_found("phone", path));
        }
        let received = Received {
            channel: sandbox::channel(),
            carrier_id: once_key.map(str::to_owned),
            from: path.to_owned(),
            text: text.to_owned(),
        };
        let _: Accepted = self.receive(&received).await?;
        Ok(())
    }

    async fn is_sandbox_number(&self, scope: &Scope, path: &str) -> Result<bool, AppError> {
        let is_own = sandbox::is_number(path);
        Ok(is_own && !self.store().find_people(scope, path, Some(path)).await?.is_empty())
    }
}

fn add_person(unit: &mut Unit, at: u128, (given, family, language): (&str, &str, Lang), now: i64) {
    let own = |part: u128| Uuid::from_u128(FIRST + part * 0x100 + at);
    let id = PersonId::from_uuid(own(0));
    let (record, name) = (SourceRecordId::from_uuid(own(1)), format!("{given} {family}"));
    let path = format!("{}{:08}", sandbox::NUMBERS, at + 1);
    let person = PersonRow {
        id,
        name: name.clone(),
        given: given.to_owned(),
        family: family.to_owned(),
        language: Some(language),
        sex: None,
        birth: None,
        active: true,
    };
    unit.add_person(&person, &name_key(&name), now);
    unit.set_standing(id, sandbox::STANDING, now);
    unit.set_person_tokens(id, &name_tokens(&name), true);
    unit.add_urn(
        &UrnRow {
            id: own(2),
            person: id,
            scheme: mhero_core::Urn::TEL.to_owned(),
            path: Some(path.clone()),
            raw: path,
            bad: None,
            rank: 0,
            record,
        },
        now,
    );
    unit.add_position(&PositionRow {
        id: PositionId::from_uuid(own(3)),
        person: id,
        place: Some(sandbox::place()),
        title: None,
        cadre: None,
        start_at: None,
        end_at: None,
        active: true,
        record,
    });
}
