//! SMS text: GSM-7 and UCS-2, segments, costly letters, phone numbers, what a reply means.
