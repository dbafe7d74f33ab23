import { SECRET_MARK } from '../model/secret.js';

const PEM_BLOCK = /-----BEGIN [^-]*-----[\s\S]*?(-----END [^-]*-----|$)/g;
const JSON_WEB_TOKEN = /\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g;
const QUERY_VALUE = /([?&;][^=&;#\s"']*=)[^&;#\s"']*/g;
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]*@/gi;

/**
 * The address with its query values, user name and password masked, for logs and errors: sign-ins
 * put tokens there. The fragment is left out.
 */
export function redactUrl(url: string): string {
  const end = url.indexOf('#');
  return (end < 0 ? url : url.slice(0, end))
    .replace(USER_INFO, `$1${SECRET_MARK}@`)
    .replace(QUERY_VALUE, `$1${SECRET_MARK}`);
}

/** The text with whatever looks like a key block, a token or a query value masked. */
export function redactText(text: string): string {
  return text
    .replace(PEM_BLOCK, SECRET_MARK)
    .replace(JSON_WEB_TOKEN, SECRET_MARK)
    .replace(USER_INFO, `$1${SECRET_MARK}@`)
    .replace(QUERY_VALUE, `$1${SECRET_MARK}`);
}
