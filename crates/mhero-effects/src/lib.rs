//! The outside calls that flows ask for, made within the rules of the installation: web hooks and resthooks, mail.
//!
//! What a flow's author types must not reach what only this machine can reach, so addresses are judged where they are connected to,
//! whatever name or spelling led there. Nothing of bodies, headers, queries or numbers is logged here.

mod http;
mod mail;
mod outside;
mod resolver;
mod rules;
mod settings;
mod told;

pub use outside::Outside;
pub use rules::{Forbidden, Rules};
pub use settings::{EffectsError, MailSettings, Security, Settings};
