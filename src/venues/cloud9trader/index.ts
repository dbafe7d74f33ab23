export {
  cloud9traderAuth,
  parseCloud9TraderCredentials,
  signCloud9TraderUpgrade,
  type Cloud9TraderCredentials,
  type Cloud9TraderUpgrade,
} from './auth.js';
