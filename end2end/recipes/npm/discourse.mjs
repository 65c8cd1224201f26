import DiscourseSso from "discourse-sso";

const login = ({ settings }, fields) => Object.fromEntries(new URLSearchParams(new DiscourseSso(settings.SECRET).buildLoginString(fields)));
const fields = ({ user, params }) => ({ nonce: params.nonce, external_id: user.id, email: user.email, name: user.display_name });

export default [
  {
    by: "discourse-sso",
    notes: "sso is base64 of the query string (encodeURIComponent, so ' stays and a space is %20), sig hex HMAC-SHA256 over that base64.",
    make: (given) => login(given, fields(given)),
  },
  {
    name: "discourse.unverified",
    by: "discourse-sso",
    notes: "require_activation=true, for an address that the site has not verified.",
    make: (given) => login(given, { ...fields(given), require_activation: true }),
  },
];
