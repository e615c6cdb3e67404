//! Records that we ourselves made at a source: they are of the people whom we wrote there, whatever else they say.

use mhero_wire::rapidpro::CONTACT_SYSTEM;

use super::run::Run;
use crate::AppError;

impl Run<'_> {
    /// Reads whom we wrote out to this source.
    pub(super) async fn load_written(&mut self) -> Result<(), AppError> {
        for (id, person) in self.app.store().known_there(self.source.id).await? {
            self.identify(CONTACT_SYSTEM, &id, person);
        }
        Ok(())
    }
}
