/** What an application gave us to tell it with, and what it is told about: both are secrets. */
export interface PingSecret {
  readonly notificationToken: string;
  readonly authReqId: string;
}

/** Where a sealed ping belongs, and nowhere else. */
export const pingPlace = (tenant: string, requestId: string) => [
  tenant,
  'session_sign_in_requests',
  requestId,
];
