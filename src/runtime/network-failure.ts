/** What the system says about a failed connection, in words that carry nothing of the request. */
export interface NetworkFailure {
  /** `protocol`: the other end was reached, and speaks something else. */
  readonly kind: 'network' | 'tls' | 'protocol';
  readonly systemCode: string;
  readonly message: string;
}

/**
 * Codes of a certificate that is not acceptable. A handshake that fails otherwise (a server that
 * speaks no TLS, a connection cut in the middle) is a matter of the network and may pass.
 */
const CERTIFICATE_CODES = new RegExp(
  '^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|' +
    'HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)',
);

/** What the parser of HTTP says, and a server that does not speak TLS. */
const PROTOCOL_CODES = /^(HPE_|EPROTO$|ERR_SSL_)/;

/** Of the first bytes these say that they are no HTTP; of others, that something in it is wrong. */
const HTTP_BROKEN = /^HPE_(?!INVALID_(CONSTANT|VERSION|STATUS|METHOD)$)/;
/** What a server that does speak TLS is not content with. */
const TLS_REFUSED = /_ALERT_|CIPHER|UNSUPPORTED|PROTOCOL_VERSION/;

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at that address',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the name service does not answer',
  ETIMEDOUT: 'the host does not answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  CERT_HAS_EXPIRED: 'the certificate has expired; check the clock of this machine too',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet; check the clock of this machine too',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate comes from an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

/** Sorts an error of `net`, `tls` or `http`. Its own text is left out where ours says it. */
export function explainNetworkError(error: unknown): NetworkFailure {
  const systemCode = readCode(error);
  return {
    kind: CERTIFICATE_CODES.test(systemCode)
      ? 'tls'
      : PROTOCOL_CODES.test(systemCode)
        ? 'protocol'
        : 'network',
    systemCode,
    message: EXPLANATIONS[systemCode] ?? explainProtocol(systemCode),
  };
}

function explainProtocol(systemCode: string): string {
  if (!PROTOCOL_CODES.test(systemCode)) return `the system reports ${systemCode}`;
  if (HTTP_BROKEN.test(systemCode)) return `its HTTP is not as it should be (${systemCode})`;
  if (TLS_REFUSED.test(systemCode)) {
    return (
      `the handshake of TLS failed (${systemCode}); the server may want a certificate of the ` +
      'client, or another version of TLS'
    );
  }
  return systemCode.startsWith('HPE_')
    ? `what came is not HTTP (${systemCode}); the port may be of another service, or one of TLS ` +
        '(https:, wss:)'
    : `what came is not TLS as it should be (${systemCode}); the port may be one without TLS ` +
        '(http:, ws:), or of another service';
}

function readCode(error: unknown): string {
  // Several addresses of one name were tried: the first failure stands for all.
  if (error instanceof AggregateError && error.errors.length > 0) return readCode(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code.slice(0, 64);
  }
  return 'UNKNOWN';
}
