/** What stands behind `#` in a link of ours: 32 bytes as base64url. A link that was cut has fewer. */
export const secretForm = /^[\w-]{43}$/;
