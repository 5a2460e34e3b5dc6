/**
 * The header of a request that a page makes by itself while nobody is at it, to renew what it shows. Such a
 * request is no use of a session: it neither keeps it unlocked nor hides that somebody was away. Its value is `?1`.
 */
export const unattendedHeader = 'proofline-unattended';
