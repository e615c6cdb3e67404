//! Users: who may sign in and what they may do.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::{AppError, NewUser, UserWithGrants};
use mhero_core::{GrantId, PlaceId, ProgrammeId, Right, Role, UserId};
use serde::Deserialize;

use super::{
    tabs,
    view::{GrantRow, TypedUser, UserPage, UserRow, UsersPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    page::{Here, Page},
    parts::{Choice, grants},
    state::{Form, Signed, id},
    words::Arg,
};

/// Most places that a name is compared with.
const PLACES_MAX: i64 = 20;

/// A user to add.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct New {
    login: String,
    name: String,
    role: String,
    place: String,
    programme: String,
    password: String,
}

/// What was pressed on one user.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Change {
    #[serde(rename = "do")]
    verb: String,
    role: String,
    place: String,
    programme: String,
    grant: String,
    password: String,
    phone: String,
}

/// `GET /settings/users`.
pub(super) async fn list(signed: Signed) -> Result<Response, Fault> {
    page(&signed, StatusCode::OK, TypedUser::default(), None).await
}

/// `POST /settings/users`.
pub(super) async fn add(signed: Signed, Form(new): Form<New>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    match try_adding(&signed, &new).await {
        Ok(()) => signed.done("settings-user-added", &[("name", Arg::Text(new.name.clone()))], "/settings/users").await,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            let typed = TypedUser { login: new.login, name: new.name, place: new.place };
            page(&signed, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn try_adding(signed: &Signed, new: &New) -> Result<(), AppError> {
    let user = NewUser {
        email: new.login.clone(),
        name: new.name.clone(),
        language: signed.caller.language,
        role: role(&new.role)?,
        place: place(signed, &new.place).await?,
        programme: programme(signed, &new.programme).await?,
        password: Some(new.password.clone()),
    };
    signed.app.add_user(&signed.caller, user).await.map(|_| ())
}

fn role(word: &str) -> Result<Role, AppError> {
    word.parse().map_err(|_| AppError::invalid("settings-role-unknown", []))
}

/// The programme with a code; none for an empty one.
async fn programme(signed: &Signed, code: &str) -> Result<Option<ProgrammeId>, AppError> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(signed.app.programme(code).await?.id))
}

/// The programmes that a role can be narrowed to; none where there is none.
async fn programmes(signed: &Signed) -> Result<Vec<Choice>, AppError> {
    let all = signed.app.programmes().await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let choice = |value: String, words: String| Choice { is_on: value.is_empty(), value, words, people: None };
    let none = choice(String::new(), signed.page.t("settings-programme-all"));
    let named = all.into_iter().map(|one| choice(one.code, one.name.best(signed.caller.language).to_owned()));
    Ok(std::iter::once(none).chain(named).collect())
}

/// The place that a name means; none for an empty one.
pub(crate) async fn place(signed: &Signed, name: &str) -> Result<Option<PlaceId>, AppError> {
    let name = name.trim();
    if name.is_empty() {
        return Ok(None);
    }
    let found = signed.app.search_places(&signed.caller, name, PLACES_MAX).await?;
    let folded = mhero_query::fold(name);
    let exact: Vec<_> =
        found.iter().filter(|row| row.place.name.iter().any(|(_, known)| mhero_query::fold(known) == folded)).collect();
    match (exact.as_slice(), found.as_slice()) {
        ([one], _) => Ok(Some(one.place.id)),
        ([], [one]) => Ok(Some(one.place.id)),
        _ => Err(AppError::invalid("settings-place-unclear", [("place", name.to_owned())])),
    }
}

/// `GET /settings/users/{id}`.
pub(super) async fn open(signed: Signed, Path(user): Path<String>) -> Result<Response, Fault> {
    one(&signed, id(&user)?, StatusCode::OK, None).await
}

/// `POST /settings/users/{id}`.
pub(super) async fn change(
    signed: Signed,
    Path(user): Path<String>,
    Form(change): Form<Change>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let user: UserId = id(&user)?;
    match try_changing(&signed, user, &change).await {
        Ok(key) => {
            let name = signed.app.user(&signed.caller, user).await?.user.name;
            let is_on_page =
                matches!(change.verb.as_str(), "give" | "take" | "password" | "phone" | "enable" | "factor" | "unlink");
            let to = if is_on_page { format!("/settings/users/{user}") } else { "/settings/users".to_owned() };
            signed.done(key, &[("name", Arg::Text(name))], &to).await
        }
        Err(Fault::App(AppError::Invalid(reason))) => {
            let fault = signed.page.words.reason(&reason);
            one(&signed, user, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)).await
        }
        Err(error) => Err(error),
    }
}

async fn try_changing(signed: &Signed, user: UserId, change: &Change) -> Result<&'static str, Fault> {
    let (app, caller) = (&signed.app, &signed.caller);
    match change.verb.as_str() {
        "sign-out" => {
            app.sign_out_everywhere(caller, user).await?;
            Ok("settings-signed-out")
        }
        "disable" => {
            app.set_user_active(caller, user, false).await?;
            Ok("settings-disabled")
        }
        "enable" => {
            app.set_user_active(caller, user, true).await?;
            Ok("settings-enabled")
        }
        "give" => {
            let place = place(signed, &change.place).await?;
            let programme = programme(signed, &change.programme).await?;
            app.add_grant(caller, user, role(&change.role)?, place, programme).await?;
            Ok("settings-role-given")
        }
        "take" => {
            let grant: GrantId = id(&change.grant)?;
            let known = app.user(caller, user).await?.grants;
            if !known.iter().any(|one| one.id == grant) {
                return Err(Refusal::NotFound.into());
            }
            app.remove_grant(caller, grant).await?;
            Ok("settings-role-taken")
        }
        "phone" => {
            app.set_user_phone(caller, user, &change.phone).await?;
            Ok("settings-phone-saved")
        }
        "factor" => {
            signed.factors.reset(caller, user).await?;
            Ok("settings-factor-reset")
        }
        "unlink" => {
            signed.factors.unlink(caller, user).await?;
            Ok("settings-unlinked")
        }
        "password" => {
            app.set_password(caller, user, &change.password).await?;
            Ok("settings-password-set")
        }
        _ => Err(Refusal::Unreadable.into()),
    }
}

/// The roles to give; that of a programme where there is one.
fn roles(page: &Page, has_programmes: bool) -> Vec<Choice> {
    let choice = |role: &Role| Choice {
        value: role.as_str().to_owned(),
        words: page.t(&format!("role-{role}")),
        people: None,
        is_on: *role == Role::Hr,
    };
    Role::ALL.iter().filter(|role| has_programmes || **role != Role::Programme).map(choice).collect()
}

async fn page(signed: &Signed, status: StatusCode, typed: TypedUser, fault: Option<String>) -> Result<Response, Fault> {
    let mut rows = Vec::new();
    let users = signed.app.users(&signed.caller).await?;
    let owners = signed.factors.owners(&signed.caller).await?;
    for found in users {
        let has_factor = owners.contains(&found.user.id);
        rows.push(UserRow { has_factor, ..row(signed, found).await? });
    }
    let programmes = programmes(signed).await?;
    let shown = UsersPage {
        tabs: tabs(&signed.page, "users"),
        rows,
        roles: roles(&signed.page, !programmes.is_empty()),
        programmes,
        typed,
        fault,
        page: signed.page("settings-users", Here::Settings),
    };
    Ok(show(status, &shown))
}

async fn row(signed: &Signed, found: UserWithGrants) -> Result<UserRow, Fault> {
    let (mut role_names, mut places) = (Vec::new(), Vec::new());
    for grant in &found.grants {
        let (role, place) = grants::said(signed, grant).await?;
        role_names.push(role);
        places.push(place);
    }
    places.dedup();
    let role = if found.user.active { role_names.join(", ") } else { signed.page.t("settings-shut-out") };
    Ok(UserRow {
        id: found.user.id.to_string(),
        name: found.user.name,
        login: found.user.email,
        role,
        place: places.join(", "),
        seen: found.user.signed_in_at,
        may_disable: found.user.active && found.user.id != signed.user.id,
        has_factor: false,
    })
}

async fn one(signed: &Signed, user: UserId, status: StatusCode, fault: Option<String>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let found = signed.app.user(&signed.caller, user).await?;
    let mut rows = Vec::new();
    for grant in &found.grants {
        let (role, place) = grants::said(signed, grant).await?;
        rows.push(GrantRow { id: grant.id.to_string(), role, place });
    }
    let programmes = programmes(signed).await?;
    let shown = UserPage {
        page: signed.page.clone().titled(&found.user.name, Here::Settings),
        href: format!("/settings/users/{user}"),
        is_self: user == signed.user.id,
        is_active: found.user.active,
        name: found.user.name,
        login: found.user.email,
        phone: signed
            .app
            .user_phones(&signed.caller)
            .await?
            .into_iter()
            .find(|(owner, _)| *owner == user.uuid())
            .map(|(_, path)| path)
            .unwrap_or_default(),
        grants: rows,
        roles: roles(&signed.page, !programmes.is_empty()),
        programmes,
        has_factor: signed.factors.is_on(user).await?,
        identities: signed.factors.identities(&signed.caller, user).await?,
        fault,
    };
    Ok(show(status, &shown))
}
