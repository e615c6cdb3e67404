//! Certificates for tests, made on the spot: an authority, what it signs, and what it takes back.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType, IsCa, KeyIdMethod,
    KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};

/// Somebody who signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key, in PEM.
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
    /// The certificate in DER.
    pub der: Vec<u8>,
    serial: u64,
}

/// What a certificate is to say.
#[derive(Clone, Copy, Default)]
pub struct Wanted<'w> {
    /// Whose it is (CN).
    pub subject: &'w str,
    /// The organisation (O), where one is named.
    pub organisation: Option<&'w str>,
    /// Names and addresses of a server.
    pub names: &'w [&'w str],
    /// The last year in which it is good, where it ends early.
    pub last_year: Option<i32>,
}

static SERIAL: AtomicU64 = AtomicU64::new(1);

fn params(wanted: &Wanted<'_>, serial: u64) -> CertificateParams {
    let names: Vec<String> = wanted.names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names of servers");
    params.distinguished_name.push(DnType::CommonName, wanted.subject);
    if let Some(organisation) = wanted.organisation {
        params.distinguished_name.push(DnType::OrganizationName, organisation);
    }
    params.serial_number = Some(SerialNumber::from(serial));
    params.not_after = wanted.last_year.map_or(date_time_ymd(2090, 1, 1), |year| date_time_ymd(year, 12, 31));
    params
}

impl Authority {
    /// A new one.
    ///
    /// # Panics
    /// When there is no chance on this machine.
    pub fn new(name: &str) -> Self {
        let mut params = params(&Wanted { subject: name, ..Wanted::default() }, SERIAL.fetch_add(1, Ordering::Relaxed));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    /// Its certificate in PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Signs a certificate.
    ///
    /// # Panics
    /// When a name is none.
    pub fn issue(&self, wanted: Wanted<'_>) -> Issued {
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let mut params = params(&wanted, serial);
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        Issued { certificate: certificate.pem(), key: key.serialize_pem(), der: certificate.der().to_vec(), serial }
    }

    /// Signs a certificate of a server on this machine.
    pub fn server(&self) -> Issued {
        self.issue(Wanted { subject: "mhero", names: &["localhost", "127.0.0.1"], ..Wanted::default() })
    }

    /// A list of certificates that it has taken back, in PEM.
    ///
    /// # Panics
    /// Never, since it may sign lists.
    pub fn revoking(&self, taken_back: &[&Issued]) -> String {
        let one = |issued: &&Issued| RevokedCertParams {
            serial_number: SerialNumber::from(issued.serial),
            revocation_time: date_time_ymd(2026, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 1, 1),
            next_update: date_time_ymd(2090, 1, 1),
            crl_number: SerialNumber::from(SERIAL.fetch_add(1, Ordering::Relaxed)),
            issuing_distribution_point: None,
            revoked_certs: taken_back.iter().map(one).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.0).expect("a list").pem().expect("in PEM")
    }
}

impl Issued {
    /// Writes certificate and key as `NAME.pem` and `NAME.key`.
    ///
    /// # Panics
    /// When the folder takes no file.
    pub fn write(&self, folder: &Path, name: &str) -> (PathBuf, PathBuf) {
        let (certificate, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
        std::fs::write(&certificate, &self.certificate).expect("it is written");
        std::fs::write(&key, &self.key).expect("it is written");
        (certificate, key)
    }

    /// Certificate and key together, as clients take them.
    pub fn identity(&self) -> String {
        format!("{}{}", self.certificate, self.key)
    }
}
