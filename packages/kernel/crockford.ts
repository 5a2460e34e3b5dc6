/** Crockford's base32 alphabet, lower case: no letter that looks like a digit. */
export const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
