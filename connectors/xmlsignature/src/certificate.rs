//! From when until when certificates hold: for whoever looks after them, before a service refuses one.

use std::time::SystemTime;

use x509_cert::Certificate;
use x509_cert::der::DecodePem;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The time for which a certificate is made out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Not before.
    pub from: SystemTime,
    /// Not after.
    pub until: SystemTime,
}

/// The terms of all certificates in a PEM text, in their order; whatever else stands in it, a key for example, is passed over.
/// None where one of them cannot be read.
#[must_use]
pub fn terms(pem: &str) -> Option<Vec<Term>> {
    let blocks = pem.split(BEGIN).skip(1);
    blocks
        .map(|block| {
            let (body, _) = block.split_once(END)?;
            let certificate = Certificate::from_pem(format!("{BEGIN}{body}{END}\n")).ok()?;
            let validity = certificate.tbs_certificate().validity();
            Some(Term {
                from: SystemTime::UNIX_EPOCH + validity.not_before.to_unix_duration(),
                until: SystemTime::UNIX_EPOCH + validity.not_after.to_unix_duration(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Of a made-up name, from the beginning of 2020 until the beginning of 2021; its key is thrown away.
    const ENDED: &str = "-----BEGIN CERTIFICATE-----\n\
        MIIBLzCB16ADAgECAgEBMAoGCCqGSM49BAMCMCIxIDAeBgNVBAMMF2JhaWd0YS5w\n\
        YXZ5emR5cy5leGFtcGxlMB4XDTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFow\n\
        IjEgMB4GA1UEAwwXYmFpZ3RhLnBhdnl6ZHlzLmV4YW1wbGUwWTATBgcqhkjOPQIB\n\
        BggqhkjOPQMBBwNCAASchvG6wuNsi344PLwJ3vyopNfJVU/x1FCT7I58ecFfbglj\n\
        DMGFv8g3PKI5pkHIjnxDeCxPnDlezHowthO2yFtgMAoGCCqGSM49BAMCA0cAMEQC\n\
        IFpDzbhxFmp02ASo3q+VJCJCAT3Ke43AQb0e95cwy/uhAiBB9/T3/Zk3ZSZ0lCll\n\
        F0gwcFskswWNEtZcDYY/M6O4FA==\n\
        -----END CERTIFICATE-----\n";

    #[test]
    fn terms_of_all_certificates_are_found_among_other_blocks() {
        let day = |days: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(days * 24 * 60 * 60);
        let term = Term { from: day(18_262), until: day(18_628) };
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert_eq!(terms(&format!("{ENDED}{key}words\n{ENDED}")), Some(vec![term; 2]));
        assert_eq!(terms(key), Some(Vec::new()));
        let cut = ENDED.split_once("-----END").unwrap().0;
        assert!(terms(cut).is_none() && terms(&ENDED.replace("MIIB", "AAAA")).is_none());
    }
}
