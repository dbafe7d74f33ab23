/** placeholder */
export function createSelfSignedCertificate(_nowMs: number): {
  keyPem: string;
  certificatePem: string;
} {
  throw new Error('TODO');
}
