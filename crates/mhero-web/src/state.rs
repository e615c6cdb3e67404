//! What handlers work with: the application, who has signed in, and the page that they will show.
//!
//! A handler of a page for people who have signed in looks like this:
//!
//! ```text
//! pub fn routes() -> Router<State> {
//!     Router::new().route("/audiences", get(list)).route("/audiences/{id}", get(show_one).post(change))
//! }
//!
//! async fn list(signed: Signed) -> Result<Response, Fault> {
//!     signed.must(Right::ReadPeople)?;                                  // else a page with 403
//!     let rows = signed.app.groups(&signed.caller).await?;              // AppError becomes an error page
//!     let page = signed.page.titled(signed.page.t("nav-audiences"), Here::Audiences);
//!     Ok(show(StatusCode::OK, &AudiencesPage { page, rows }))
//! }
//!
//! async fn change(signed: Signed, Path(id): Path<String>, Form(form): Form<Change>) -> Result<Response, Fault> {
//!     match signed.app.change(&signed.caller, id, &form).await {
//!         Ok(()) => signed.done("audiences-saved", &[], "/audiences").await, // toast on the next page, 303
//!         Err(AppError::Invalid(reason)) => …show the form again with signed.page.words.reason(&reason)…
//!         Err(error) => Err(error.into()),
//!     }
//! }
//! ```
//!
//! Who is not signed in is sent to `/sign-in?next=…`. [`Form`] here is axum-extra's: it takes the same name several times
//! (`Vec<String>`). Ids in addresses are parsed with [`id`], which answers 404.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use async_trait::async_trait;
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, Method, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use mhero_app::{App, AppError, Caller, Facts, ports::UploadShelf, rows::User};
use mhero_core::{Lang, Right, Rights};
use mhero_signin::{Factors, Provider};
use tower_sessions::Session;

pub use axum_extra::extract::Form;

use crate::{
    changes,
    errors::{Fault, Refusal},
    keys,
    language::Reading,
    layers::Letterhead,
    page::{Here, Ministry, Page, Reader, Toast, Waiting},
    session,
    words::{Arg, Clock, Words},
};

/// The sender that the sample phone shows before the ministry has one.
const SENDER: &str = "mHero";

/// How the console is reached.
#[derive(Clone, Debug, Default)]
pub struct WebOptions {
    /// Whether browsers reach the console over https: cookies are marked so.
    pub https: bool,
    /// Whether a proxy of ours stands in front, whose `X-Forwarded-For` may be believed.
    pub behind_proxy: bool,
    /// Where files of people wait until somebody has decided; without it nothing can be imported here.
    pub shelf: Option<Arc<dyn UploadShelf>>,
    /// What stands beside the exchange log; without it that is only read.
    pub exchange: Option<crate::exchange::Beside>,
    /// The ministry's own sign-in; without it there are passwords only.
    pub provider: Option<Provider>,
}

/// What every route may use.
#[derive(Clone, Debug)]
pub struct State {
    /// The application.
    pub app: App,
    /// How the console is reached.
    pub options: WebOptions,
}

impl State {
    /// A page without reader, in a language, for a path.
    ///
    /// Without facts (before `mhero init`, or when the store does not answer) the letterhead is bare.
    pub async fn page(&self, lang: Lang, path: String) -> Page {
        let facts = self.app.facts_cached().await.ok();
        let now = self.app.clock().now();
        let zone = facts.as_deref().map_or(TimeZone::UTC, Facts::time_zone);
        Page {
            words: Words::of(lang),
            clock: Clock { now, zone },
            ministry: facts.as_deref().map_or_else(Ministry::default, |facts| ministry(facts, lang)),
            reader: None,
            waiting: Waiting::default(),
            title: String::new(),
            here: Here::Elsewhere,
            path,
            band: None,
            toast: None,
            has_keys: true,
        }
    }

    /// The same with its reader, their navigation and what waits in it; `None` when nobody has signed in.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn signed(&self, lang: Lang, path: String, session: &Session) -> Result<Option<Signed>, Fault> {
        let Some(id) = session::user(session).await? else { return Ok(None) };
        let Some(mut caller) = self.app.caller_of_user(id).await? else { return Ok(None) };
        if !caller.scope.may(Right::Console) {
            return Ok(None);
        }
        caller.language = lang;
        let user = self.app.user(&caller, id).await?.user;
        let proved_at = session::proved_at(session).await?;
        let factors = Factors::new(self.app.clone());
        // The rule counts at once, in sessions that are open too.
        let owes_factor = proved_at.is_none() && factors.is_asked_of(&caller.scope).await?;
        let mut page = self.page(lang, path).await;
        page.reader = Some(Reader { name: user.name.clone(), rights: rights(&caller) });
        page.waiting = self.waiting(&caller).await?;
        let (app, session) = (self.app.clone(), session.clone());
        Ok(Some(Signed { app, caller, user, page, session, factors, proved_at, owes_factor }))
    }

    async fn waiting(&self, caller: &Caller) -> Result<Waiting, AppError> {
        let (mut changes, mut pairs) = (0, 0);
        // Who can't decide them waits for nobody.
        if caller.scope.may(Right::EditPeople) {
            pairs = self.app.count_link_pairs(caller).await?;
            changes = changes::waiting(&self.app, caller).await?;
        }
        if !caller.scope.may(Right::ReadMessages) {
            return Ok(Waiting { changes, pairs, ..Waiting::default() });
        }
        let (threads, _) = self.app.waiting_threads(caller).await?;
        let live = self.app.live_broadcasts(caller).await?.len();
        let approvals = self.app.count_approvals(caller).await?;
        Ok(Waiting { live: i64::try_from(live).unwrap_or(i64::MAX), approvals, threads, changes, pairs })
    }
}

#[async_trait]
impl Letterhead for State {
    async fn page(&self, lang: Lang, path: String, session: Option<Session>) -> Page {
        if let Some(session) = session
            && let Ok(Some(signed)) = self.signed(lang, path.clone(), &session).await
        {
            return signed.page;
        }
        Self::page(self, lang, path).await
    }
}

fn ministry(facts: &Facts, lang: Lang) -> Ministry {
    Ministry {
        name: facts.ministry.best(lang).to_owned(),
        country: facts.country_name.best(lang).to_owned(),
        short_code: facts.short_code.clone(),
        sender: facts.short_code.clone().unwrap_or_else(|| SENDER.to_owned()),
        is_demo: facts.demo,
    }
}

fn rights(caller: &Caller) -> Rights {
    Right::ALL.iter().filter(|right| caller.scope.may(**right)).fold(Rights::NONE, |all, right| all.with(*right))
}

/// A reader who has signed in, and the page that a handler will show. Extracting it redirects everybody else.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The application.
    pub app: App,
    /// What they may see and do, and under which name: goes into every call of the application.
    pub caller: Caller,
    /// Who they are.
    pub user: User,
    /// What every page knows; give it a title with [`Page::titled`].
    pub page: Page,
    /// The session of this browser.
    pub session: Session,
    /// Second factors.
    pub factors: Factors,
    /// When a code was last typed in this session.
    pub proved_at: Option<Timestamp>,
    /// Whether they must set up a second factor before anything else.
    pub owes_factor: bool,
}

impl Signed {
    /// Refuses with 403 unless the reader has a right.
    ///
    /// # Errors
    /// [`Fault::App`] with [`AppError::NotAllowed`].
    pub fn must(&self, right: Right) -> Result<(), Fault> {
        Ok(self.caller.must(right)?)
    }

    /// Asks for a fresh code where the rule wants one for what follows, and comes back to `next`.
    ///
    /// # Errors
    /// [`Fault::Prove`].
    pub async fn must_be_fresh(&self, next: &str) -> Result<(), Fault> {
        match self.factors.is_stale(&self.caller, self.proved_at).await? {
            true => Err(Fault::Prove { next: next.to_owned() }),
            false => Ok(()),
        }
    }

    /// The page under a heading (the text of a key), at a place in the navigation.
    pub fn page(&self, key: &str, here: Here) -> Page {
        let title = self.page.t(key);
        self.page.clone().titled(title, here)
    }

    /// Puts a sentence on the next page.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn say(&self, words: &str, undo: Option<&str>) -> Result<(), Fault> {
        Ok(session::leave_toast(&self.session, words, undo).await?)
    }

    /// After a form has done its work: a sentence on the next page (the text of a key; empty for none), and 303 to it.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn done(&self, key: &str, args: &[(&'static str, Arg)], to: &str) -> Result<Response, Fault> {
        if !key.is_empty() {
            self.say(&self.page.words.with(key, args), None).await?;
        }
        Ok(Redirect::to(to).into_response())
    }
}

impl FromRequestParts<State> for Signed {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Fault> {
        let session = parts.extensions.get::<Session>().cloned().ok_or(Fault::Refused(Refusal::Broken))?;
        let (lang, path) = (reading(parts), path_of(parts));
        let found = state.signed(lang, path.clone(), &session).await?;
        let mut signed = found.ok_or_else(|| Fault::SignIn {
            // Only a page can be opened again after signing in.
            next: if parts.method == Method::GET { path } else { String::from("/") },
        })?;
        // Their own account is all that who owes a second factor can open; there it is set up.
        if signed.owes_factor && !is_own_account(parts.uri.path()) {
            return Err(Fault::Enrol);
        }
        signed.page.has_keys = keys::are_on(&parts.headers);
        // A part of a page that refreshes itself does not take the sentence away from the page.
        if parts.method == Method::GET && !parts.headers.contains_key("hx-request") {
            let left = session::take_toast(&session).await?;
            signed.page.toast = left.map(|(words, undo)| Toast { words, undo });
        }
        Ok(signed)
    }
}

/// Somebody who may not have signed in: the language, the path, and from where they come.
pub struct Visitor {
    /// The page, without reader.
    pub page: Page,
    /// From where.
    pub from: IpAddr,
    /// The session of this browser.
    pub session: Session,
}

impl FromRequestParts<State> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Fault> {
        let session = parts.extensions.get::<Session>().cloned().ok_or(Fault::Refused(Refusal::Broken))?;
        let page = state.page(reading(parts), path_of(parts)).await;
        Ok(Self { page, from: address(parts, state.options.behind_proxy), session })
    }
}

/// An id out of an address; what is no id has no page.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn id<T: FromStr>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| Fault::Refused(Refusal::NotFound))
}

fn is_own_account(path: &str) -> bool {
    path == "/account" || path.starts_with("/account/") || path.starts_with("/sign-")
}

fn reading(parts: &Parts) -> Lang {
    parts.extensions.get::<Reading>().map_or(Lang::ENGLISH, |reading| reading.0)
}

fn path_of(parts: &Parts) -> String {
    parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// The address that our own proxy tells: the last entry of its header is the one that it wrote.
pub(crate) fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?;
    line.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// The address of the visitor.
fn address(parts: &Parts, behind_proxy: bool) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let told = if behind_proxy { forwarded(&parts.headers) } else { None };
    told.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// The application behind a letterhead, for the layers.
pub(crate) fn letterhead(state: &State) -> Arc<dyn Letterhead> {
    Arc::new(state.clone())
}
