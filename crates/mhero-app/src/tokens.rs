//! API tokens: shown once, kept as a digest.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::SignedDuration;
use mhero_core::{Lang, PlaceId, ProgrammeId, Right, Role, TokenId, limits};
use mhero_store::{Actor, Grant, Queue, StoreError, Token, Unit};
use sha2::{Digest, Sha256};

use crate::{
    App, AppError, Caller, hex,
    users::{facts, scope_of_grants},
};

/// Before every token, so that one that leaked into a log or a file can be found.
const PREFIX: &str = "mh_";
/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;
/// Using a token is noted at most this often.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Before every pass.
const PASS_PREFIX: &str = "mhp_";
/// How long a pass stands for its account, in microseconds.
const PASS_MICROS: i64 = 600_000_000;
/// Passes at most; the oldest go.
const PASSES_MAX: usize = 10_000;

/// Passes of this process: by their text the account, and until when, in UTC microseconds.
#[derive(Default)]
pub(crate) struct Passes(Mutex<HashMap<String, (TokenId, i64)>>);

/// A token to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for; unique.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Where; everywhere when `None`.
    pub place: Option<PlaceId>,
    /// For which programme; for all when `None`.
    pub programme: Option<ProgrammeId>,
}

/// A token and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenWithGrants {
    /// The token.
    pub token: Token,
    /// Its grants, oldest first.
    pub grants: Vec<Grant>,
}

impl App {
    /// Creates a token and returns its text, which is shown this once.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the name is empty or taken, or the role can't be narrowed so.
    pub async fn create_token(&self, caller: &Caller, new: NewToken) -> Result<String, AppError> {
        caller.must(Right::Settings)?;
        let name = new.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > limits::NAME_CHARS_MAX {
            return Err(AppError::invalid("token-name", [("max", limits::NAME_CHARS_MAX.to_string())]));
        }
        self.check_grant(new.role, new.place, new.programme).await?;
        let id = self.store().mint().id(TokenId::from_uuid);
        let text = format!("{PREFIX}{}", hex::encode(&rand::random::<[u8; TOKEN_BYTES]>()));
        let grant = self.new_grant(id.uuid(), new.role, new.place, new.programme);
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        unit.add_token(id, &name, &digest(&text), now);
        unit.add_grant(&grant, now);
        unit.audit(self.store(), &caller.entry("token-created", "token", Some(id.uuid()), facts(&grant)));
        match self.store().write(unit, Queue::Interactive).await {
            Ok(_) => Ok(text),
            Err(StoreError::Exists { .. }) => Err(AppError::invalid("token-name-taken", [("name", name)])),
            Err(error) => Err(error.into()),
        }
    }

    /// The caller that a token is; `None` when it is unknown or revoked. That it was used is noted. A token of the sandbox may do
    /// nothing by this door: only [`App::caller_of_any_token`] knows how to keep it there.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn caller_of_token(&self, text: &str) -> Result<Option<Caller>, AppError> {
        let found = self.caller_of_any_token(text).await?;
        Ok(found.map(|caller| match caller.scope.is_in_sandbox() {
            true => Caller { scope: caller.scope.without_rights(), ..caller },
            false => caller,
        }))
    }

    /// The caller that a token is, one of the sandbox included: for doors that answer it from there and mark all that it sends.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn caller_of_any_token(&self, text: &str) -> Result<Option<Caller>, AppError> {
        let Some(token) = self.account_of_token(text).await? else { return Ok(None) };
        let now = self.clock().now();
        let not_since = now - NOTED_EVERY;
        if token.used_at.is_none_or(|used| used <= not_since) {
            self.store().token_used(token.id, mhero_core::micros(now), mhero_core::micros(not_since)).await?;
        }
        let grants = self.store().grants_of(token.id.uuid()).await?;
        let scope = scope_of_grants(token.id.uuid(), &grants, &[Right::Api]);
        let actor = Actor { kind: "token", id: Some(token.id.uuid()) };
        Ok(Some(Caller { scope, actor, language: Lang::ENGLISH }))
    }

    /// The account that a token, or a pass of this process, is; `None` when it is unknown or revoked.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn account_of_token(&self, text: &str) -> Result<Option<Token>, AppError> {
        if text.starts_with(PASS_PREFIX) {
            let known = self.passes().0.lock().unwrap_or_else(PoisonError::into_inner).get(text).copied();
            let now = self.clock().now_micros();
            let Some((id, _)) = known.filter(|(_, until)| now < *until) else { return Ok(None) };
            return Ok(self.store().token(id).await?.filter(|token| token.revoked_at.is_none()));
        }
        if text.len() != PREFIX.len() + 2 * TOKEN_BYTES || !text.starts_with(PREFIX) {
            return Ok(None);
        }
        Ok(self.store().token_by_digest(&digest(text)).await?)
    }

    /// A text that stands for an account within this process for some minutes: for who has proved in another way, by a signed token
    /// say, that they are it.
    pub fn pass_for(&self, account: TokenId) -> String {
        let now = self.clock().now_micros();
        let mut passes = self.passes().0.lock().unwrap_or_else(PoisonError::into_inner);
        // One that is fresh enough serves again.
        let known = passes.iter().find(|(_, (of, until))| *of == account && now < until - PASS_MICROS / 2);
        if let Some((text, _)) = known {
            return text.clone();
        }
        passes.retain(|_, (_, until)| now < *until);
        if passes.len() >= PASSES_MAX {
            passes.clear();
        }
        let text = format!("{PASS_PREFIX}{}", hex::encode(&rand::random::<[u8; TOKEN_BYTES]>()));
        passes.insert(text.clone(), (account, now + PASS_MICROS));
        text
    }

    /// All tokens with their roles, by name.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<TokenWithGrants>, AppError> {
        caller.must(Right::Settings)?;
        let grants = self.store().grants().await?;
        let of = |token: &Token| grants.iter().filter(|grant| grant.principal == token.id.uuid()).copied().collect();
        let tokens = self.store().tokens().await?;
        Ok(tokens.into_iter().map(|token| TokenWithGrants { grants: of(&token), token }).collect())
    }

    /// Revokes a token by name. One that is revoked stays so.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotAllowed`].
    pub async fn revoke_token(&self, caller: &Caller, name: &str) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        self.store()
            .decide(|| async {
                let token = self.store().token_by_name(name.trim()).await?;
                let token = token.ok_or_else(|| AppError::not_found("token", name))?;
                if token.revoked_at.is_some() {
                    return Ok(());
                }
                let mut unit = Unit::new();
                unit.revoke_token(token.id, self.clock().now_micros());
                let about = Some(token.id.uuid());
                unit.audit(self.store(), &caller.entry("token-revoked", "token", about, serde_json::json!({})));
                self.store().write(unit, Queue::Interactive).await?;
                Ok(())
            })
            .await
    }
}

/// A token is random and long, so that a plain digest is enough.
fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}
