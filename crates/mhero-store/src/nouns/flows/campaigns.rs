//! Campaigns: events relative to a date of each person.

use mhero_core::{CampaignEventId, CampaignId, FlowId, GroupId, PersonId, ProgrammeId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO campaign (id, name, folded, member_of, programme, active, created_by, created_at, version) VALUES ($1, $2, $3, $4, $5, TRUE, $6, $7, 1)";
    SET = "UPDATE campaign SET name = $3, folded = $4, member_of = $5, active = $6, version = version + 1 WHERE id = $1 AND version = $2";
    LIST = "SELECT id, name, member_of, programme, active, created_by, created_at, version FROM campaign ORDER BY folded ASC NULLS LAST";
    ADD_EVENT = "INSERT INTO campaign_event (id, campaign, field, offset_by, unit, hour, flow, texts, language, mode, active, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, TRUE, $11, 1)";
    SET_EVENT = "UPDATE campaign_event SET field = $3, offset_by = $4, unit = $5, hour = $6, flow = $7, texts = $8, language = $9, mode = $10, active = $11, version = version + 1 WHERE id = $1 AND version = $2";
    EVENTS = "SELECT id, campaign, field, offset_by, unit, hour, flow, texts, language, mode, active, created_at, version FROM campaign_event ORDER BY campaign ASC NULLS LAST, created_at ASC NULLS LAST, id ASC NULLS LAST";
    PLAN = "INSERT INTO campaign_fire (event, person, due_at, event_version, fired_at, outcome) VALUES ($1, $2, $3, $4, NULL, NULL) ON CONFLICT (event, person, due_at) DO UPDATE SET event_version = $4";
    UNPLAN = "DELETE FROM campaign_fire WHERE event = $1 AND person = $2 AND fired_at IS NULL AND due_at <> $3";
    UNPLAN_EVENT = "DELETE FROM campaign_fire WHERE event = $1 AND fired_at IS NULL";
    DUE = "SELECT event, person, due_at, event_version FROM campaign_fire WHERE fired_at IS NULL AND due_at <= $1 ORDER BY due_at ASC NULLS LAST, event ASC NULLS LAST, person ASC NULLS LAST LIMIT $2";
    FIRED = "UPDATE campaign_fire SET fired_at = $4, outcome = $5 WHERE event = $1 AND person = $2 AND due_at = $3 AND fired_at IS NULL";
    FIRES = "SELECT event, CAST(SUM(CASE WHEN fired_at IS NULL THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN fired_at IS NULL THEN 0 ELSE 1 END) AS BIGINT), CAST(MIN(CASE WHEN fired_at IS NULL THEN due_at END) AS BIGINT) FROM campaign_fire GROUP BY event ORDER BY event ASC NULLS LAST";
    LEFT_OUT = "SELECT event, outcome, CAST(COUNT(*) AS BIGINT) FROM campaign_fire WHERE fired_at IS NOT NULL AND outcome IN ('on-leave', 'no-consent', 'no-number', 'stopped') GROUP BY event, outcome ORDER BY event ASC NULLS LAST, outcome ASC NULLS LAST";
}

/// A campaign as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignRow {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// The group whose members it is for.
    pub group: GroupId,
    /// The programme.
    pub programme: Option<ProgrammeId>,
    /// False once it is archived.
    pub active: bool,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When, in UTC microseconds.
    pub created_at: i64,
    /// Version, for guards.
    pub version: i64,
}

/// One event of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignEventRow {
    /// Its id.
    pub id: CampaignEventId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The key of the date field; `created_on` and `last_seen_on` mean the person's own.
    pub field: String,
    /// How many units after the date; before it when negative.
    pub offset: i64,
    /// `M` minutes, `H` hours, `D` days, `W` weeks.
    pub unit: String,
    /// The hour of day at which it fires, or -1 for the date's own time.
    pub hour: i64,
    /// The flow that it starts; `None` when it sends a message.
    pub flow: Option<FlowId>,
    /// JSON: language to text.
    pub texts: String,
    /// The language of who reads none of them.
    pub language: String,
    /// `I` interrupts a conversation, `S` skips who is in one, `P` runs beside it.
    pub mode: String,
    /// False once it is removed.
    pub active: bool,
    /// When it was made.
    pub created_at: i64,
    /// Version: what was planned under an older one is planned anew.
    pub version: i64,
}

/// One planned firing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignFire {
    /// The event.
    pub event: CampaignEventId,
    /// For whom.
    pub person: PersonId,
    /// When, in UTC microseconds.
    pub due_at: i64,
    /// The version of the event that planned it.
    pub event_version: i64,
}

impl CampaignRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            group: row.get(2)?,
            programme: row.get(3)?,
            active: row.get(4)?,
            created_by: row.get(5)?,
            created_at: row.get(6)?,
            version: row.get(7)?,
        })
    }
}

impl CampaignEventRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            campaign: row.get(1)?,
            field: row.get(2)?,
            offset: row.get(3)?,
            unit: row.get(4)?,
            hour: row.get(5)?,
            flow: row.get(6)?,
            texts: row.get(7)?,
            language: row.get(8)?,
            mode: row.get(9)?,
            active: row.get(10)?,
            created_at: row.get(11)?,
            version: row.get(12)?,
        })
    }
}

impl Unit {
    /// Writes a new campaign. Of two with one folded name the second fails with [`StoreError::Exists`].
    pub fn add_campaign(&mut self, c: &CampaignRow, folded: &str) -> &mut Self {
        self.one(&ADD, params![c.id, &c.name, folded, c.group, c.programme, c.created_by, c.created_at])
    }

    /// Stores a changed campaign; the unit fails when somebody has changed it since it was read.
    pub fn set_campaign(&mut self, c: &CampaignRow, folded: &str) -> &mut Self {
        self.one(&SET, params![c.id, c.version, &c.name, folded, c.group, c.active])
    }

    /// Writes a new event.
    pub fn add_campaign_event(&mut self, e: &CampaignEventRow) -> &mut Self {
        self.one(
            &ADD_EVENT,
            params![
                e.id,
                e.campaign,
                &e.field,
                e.offset,
                &e.unit,
                e.hour,
                e.flow,
                &e.texts,
                &e.language,
                &e.mode,
                e.created_at
            ],
        )
    }

    /// Stores a changed event and forgets what it had planned; the unit fails when somebody has changed it since.
    pub fn set_campaign_event(&mut self, e: &CampaignEventRow) -> &mut Self {
        self.one(
            &SET_EVENT,
            params![
                e.id,
                e.version,
                &e.field,
                e.offset,
                &e.unit,
                e.hour,
                e.flow,
                &e.texts,
                &e.language,
                &e.mode,
                e.active
            ],
        )
        .run(&UNPLAN_EVENT, params![e.id])
    }

    /// Plans a firing, or moves the one that has not fired; with no instant, what has not fired is forgotten. A firing of the
    /// same event for the same date that has been done stays done.
    pub fn plan_campaign(&mut self, e: &CampaignEventRow, person: PersonId, due_at: Option<i64>) -> &mut Self {
        self.run(&UNPLAN, params![e.id, person, due_at.unwrap_or(i64::MIN)]);
        if let Some(due_at) = due_at {
            self.run(&PLAN, params![e.id, person, due_at, e.version]);
        }
        self
    }

    /// Plans nothing new, because the instant is past: what is due at it and has not fired yet stays, everything else that has not
    /// fired is forgotten.
    pub fn keep_campaign_plan(&mut self, e: &CampaignEventRow, person: PersonId, due_at: i64) -> &mut Self {
        self.run(&UNPLAN, params![e.id, person, due_at])
    }

    /// Takes a due firing; the unit fails when somebody else has, or it was moved.
    pub fn campaign_fired(&mut self, fire: &CampaignFire, outcome: &str, now: i64) -> &mut Self {
        self.one(&FIRED, params![fire.event, fire.person, fire.due_at, now, outcome])
    }
}

impl Store {
    /// Every campaign, by name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn campaigns(&self) -> Result<Vec<CampaignRow>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(CampaignRow::read).collect()
    }

    /// Every event of every campaign.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn campaign_events(&self) -> Result<Vec<CampaignEventRow>, StoreError> {
        self.query(&EVENTS, vec![]).await?.iter().map(CampaignEventRow::read).collect()
    }

    /// Whom firings left out: event, reason, people.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn campaign_left_out(&self) -> Result<Vec<(CampaignEventId, String, i64)>, StoreError> {
        let rows = self.query(&LEFT_OUT, vec![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// Firings that are due, earliest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_campaign_fires(&self, now: i64, limit: i64) -> Result<Vec<CampaignFire>, StoreError> {
        let rows = self.query(&DUE, params![now, limit]).await?;
        rows.iter()
            .map(|row| {
                Ok(CampaignFire {
                    event: row.get(0)?,
                    person: row.get(1)?,
                    due_at: row.get(2)?,
                    event_version: row.get(3)?,
                })
            })
            .collect()
    }

    /// By event: how many firings are planned, how many were done, and when the next is due.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn campaign_plans(&self) -> Result<Vec<(CampaignEventId, i64, i64, Option<i64>)>, StoreError> {
        let rows = self.query(&FIRES, vec![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).collect()
    }
}
