//! Channel drivers, one a module.

pub mod africastalking;
pub mod email;
pub mod external;
mod given;
mod http;
pub mod infobip;
pub mod kannel;
pub mod relayer;
pub mod simulator;
pub mod smpp;
pub mod telegram;
pub mod template;
pub mod tls;
pub mod twilio;
pub mod ussd;
pub mod vonage;
pub mod whatsapp;

pub use africastalking::AfricasTalking;
pub use email::Email;
pub use external::External;
pub use http::HttpDriver;
pub use infobip::Infobip;
pub use kannel::Kannel;
pub use relayer::Android;
pub use simulator::Simulator;
pub use smpp::Smpp;
pub use telegram::Telegram;
pub use template::Template;
pub use twilio::Twilio;
pub use ussd::Ussd;
pub use vonage::Vonage;
pub use whatsapp::WhatsApp;
