// Writes docs/asyncapi.yaml: the MQTT side for devices and the consoles' WebSocket, as AsyncAPI 3.0. Payloads come
// from the schemas of model/ that the hub checks with, so they cannot say anything else than what holds.
//
//   npm run asyncapi

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { consoleChannel, consoleMessages, consoleOperations, consolePayloads } from './asyncapi/console.ts'
import { deviceChannels, deviceMessages, deviceOperations, devicePayloads } from './asyncapi/devices.ts'
import { familyChannel, familyMessages, familyOperations, familyPayloads } from './asyncapi/family.ts'
import { componentSchemas, type Json } from './asyncapi/schemas.ts'
import { switchChannel, switchMessages, switchOperations, switchPayloads } from './asyncapi/switch.ts'

export const ASYNCAPI_FILE = fileURLToPath(new URL('../docs/asyncapi.yaml', import.meta.url))

const ABOUT = [
  'What devices say to the hub over MQTT, and what the hub tells consoles over a WebSocket. The words to it, with',
  'limits, reasons and examples that work, are docs/device-protocol.md and docs/feed.md; the HTTP interface',
  'describes itself at /api/docs of a running hub. Times are epoch milliseconds. Fields that are not named here are',
  'ignored by the hub, and are to be ignored by whoever listens to it.',
]

/** The document as an object. */
export function asyncApi(): Record<string, Json> {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Anxin 安心',
      version: '1.0.0',
      description: ABOUT.join(' '),
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels: {
      ...deviceChannels(),
      console: consoleChannel(),
      family: familyChannel(),
      switch: switchChannel(),
    },
    operations: {
      ...deviceOperations(),
      ...consoleOperations(),
      ...familyOperations(),
      ...switchOperations(),
    },
    components: {
      messages: { ...deviceMessages(), ...consoleMessages(), ...familyMessages(), ...switchMessages() },
      schemas: componentSchemas({
        ...devicePayloads(),
        ...consolePayloads(),
        ...familyPayloads(),
        ...switchPayloads(),
      }),
      securitySchemes: SECURITY,
    },
  }
}

/** The document as it is committed. */
export function asyncApiText(): string {
  const head = '# Made by `npm run asyncapi` from model/ and scripts/asyncapi: change those, not this file.\n'
  return head + stringify(asyncApi(), { lineWidth: 110, aliasDuplicateObjects: false })
}

const SERVERS = {
  devices: {
    host: 'localhost:1883',
    protocol: 'mqtt',
    protocolVersion: '3.1.1',
    description: 'MQTT 3.1 is taken, too; MQTT 5 is refused. TLS is a proxy in front of it.',
    security: [{ $ref: '#/components/securitySchemes/deviceSecret' }],
  },
  console: {
    host: 'localhost:8080',
    protocol: 'ws',
    description: 'wss behind a TLS proxy.',
    security: [
      { $ref: '#/components/securitySchemes/tokenProtocol' },
      { $ref: '#/components/securitySchemes/bearer' },
      { $ref: '#/components/securitySchemes/cookie' },
    ],
  },
}

const SECURITY = {
  deviceSecret: {
    type: 'userPassword',
    description: "User name: the device's id. Password: its secret, shown once when it was registered.",
  },
  tokenProtocol: {
    type: 'httpApiKey',
    in: 'header',
    name: 'Sec-WebSocket-Protocol',
    description: 'Sub-protocols `token` and the token of POST /api/v1/session; the hub answers `token`.',
  },
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The same token, for clients that can set a header.',
  },
  cookie: {
    type: 'httpApiKey',
    in: 'cookie',
    name: 'anxin_session',
    description: "For the hub's own pages.",
  },
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(ASYNCAPI_FILE, asyncApiText())
