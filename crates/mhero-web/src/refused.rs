//! What is refused to somebody who has signed in is noted in the audit: a page that their role does not open, and, for who is narrowed
//! to places, anything that lies elsewhere.

use axum::{
    extract::{MatchedPath, Request, State as Shared},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use tower_sessions::Session;

use crate::{session, state::State};

/// Notes a refusal after the page was answered; that it can't be noted does not change the answer.
pub(crate) async fn note(Shared(state): Shared<State>, request: Request, next: Next) -> Response {
    let session = request.extensions().get::<Session>().cloned();
    let pattern = request.extensions().get::<MatchedPath>().map(|pattern| pattern.as_str().to_owned());
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status();
    let is_elsewhere = status == StatusCode::NOT_FOUND && mhero_disclosure::names_one(&path);
    if let (true, Some(session)) = (status == StatusCode::FORBIDDEN || is_elsewhere, session)
        && let Ok(Some(user)) = session::user(&session).await
        && let Ok(Some(caller)) = state.app.caller_of_user(user).await
        && (status == StatusCode::FORBIDDEN || !caller.scope.all_places())
    {
        let pattern = pattern.unwrap_or_default();
        let noted = mhero_disclosure::note_refused(&state.app, &caller, (&pattern, &path), status.as_u16()).await;
        if let Err(error) = noted {
            tracing::error!(%error, "a refusal could not be noted");
        }
    }
    response
}
