/** The cookie of a customer's page session. */
export const customerCookieName = '__Host-customer';
