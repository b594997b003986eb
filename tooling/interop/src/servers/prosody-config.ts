import { LOOPBACK } from './free-ports.ts';
import type { Site } from './start-server.ts';

const MODULES = [
  ...['roster', 'saslauth', 'disco', 'posix', 'ping', 'time', 'version', 'private', 'blocklist', 'bookmarks', 'vcard4'],
  ...['carbons', 'pep', 'smacks', 'mam', 'csi_simple', 'offline', 'http', 'websocket'],
];

/** A server for tests: loopback only, no TLS, no other servers, everything logged to standard output. */
export function prosodyConfig(site: Site): string {
  const { folder, domains, mucDomain } = site;
  const settings: Record<string, LuaValue> = {
    // Without one, mod_posix writes that of the system's service.
    pidfile: `${folder}/prosody.pid`,
    data_path: `${folder}/data`,
    certificates: `${folder}/certs`,
    interfaces: [LOOPBACK],
    c2s_ports: [site.c2sPort],
    c2s_direct_tls_ports: [],
    http_ports: [site.httpPort],
    http_interfaces: [LOOPBACK],
    https_ports: [],
    http_default_host: domains[0]!,
    use_ipv6: false,
    modules_enabled: MODULES,
    // No federation: the domains talk to each other inside the process.
    modules_disabled: ['s2s', 's2s_auth_certs', 'tls'],
    authentication: 'internal_hashed',
    c2s_require_encryption: false,
    allow_unencrypted_plain_auth: true,
    consider_websocket_secure: true,
    allow_registration: false,
    storage: 'internal',
    default_archive_policy: true,
    archive_expires_after: 'never',
    pep_max_items: site.maxItems,
    c2s_stanza_size_limit: 1024 * 1024,
    smacks_hibernation_time: 60,
  };
  const rooms: Record<string, LuaValue> = {
    modules_enabled: ['muc_mam'],
    restrict_room_creation: false,
    muc_room_locking: false,
    muc_log_by_default: true,
    muc_room_default_public_jids: true,
    muc_room_default_members_only: true,
    muc_room_default_persistent: true,
    muc_room_default_allow_member_invites: true,
  };
  return [
    lines(settings),
    `log = { { to = "console", levels = { min = "info" } } }\n`,
    ...domains.map((domain) => `VirtualHost "${domain}"\n`),
    `Component "${mucDomain}" "muc"\n`,
    lines(rooms),
  ].join('\n');
}

type LuaValue = string | number | boolean | readonly (string | number)[];

function lines(settings: Readonly<Record<string, LuaValue>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${lua(value)}\n`)
    .join('');
}

/** Paths and names here have nothing that JSON and Lua write differently. */
function lua(value: LuaValue): string {
  return Array.isArray(value) ? `{ ${value.map((item) => JSON.stringify(item)).join(', ')} }` : JSON.stringify(value);
}
