// The web app's entry: puts the app on the page.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/ground.css'
import './styles/bar.css'
import './styles/banners.css'
import './desk/styles/queue.css'
import './desk/styles/file.css'
import './styles/quiet.css'
import './desk/styles/technical.css'
import './desk/styles/unrecorded.css'
import './styles/dialogs.css'
import { App } from './app.tsx'
import { createAlarms } from './desk/alarms.ts'
import { lendNonce, styleNonce } from './shell/browser.ts'
import { createHttp } from './shell/http.ts'
import { HttpProvider } from './shell/http-context.ts'
import { startAnew } from './shell/navigation.ts'
import { takingPreloaded } from './shell/preloaded.ts'
import { createRenewal } from './shell/renewal.ts'
import { createSession } from './shell/session.ts'
import { tellTabs } from './shell/session-news.ts'
import { RenewalProvider } from './shell/use-renewal.ts'

const place = document.getElementById('root')
if (!place) throw new Error('the page has no #root')

const nonce = styleNonce()
if (nonce !== undefined) lendNonce(nonce)

const renewal = createRenewal()
const http = createHttp({
  send: takingPreloaded(
    (input, init) => fetch(input, init),
    () => performance.now(),
  ),
  renew: renewal.ask,
  mustEnrol: () => startAnew('/account'),
})

createRoot(place).render(
  <StrictMode>
    <RenewalProvider value={renewal}>
      <HttpProvider value={http}>
        <App session={createSession({ http, tell: tellTabs })} alarms={createAlarms({ http })} />
      </HttpProvider>
    </RenewalProvider>
  </StrictMode>,
)
