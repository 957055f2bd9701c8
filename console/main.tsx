// The web app's entry: puts the app on the page.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/ground.css'
import './styles/bar.css'
import './styles/queue.css'
import './styles/file.css'
import './styles/quiet.css'
import './styles/technical.css'
import './styles/unrecorded.css'
import './styles/dialogs.css'
import { createAlarms } from './alarms.ts'
import { App } from './app.tsx'
import { createHttp } from './http.ts'
import { createSession } from './session.ts'

const place = document.getElementById('root')
if (!place) throw new Error('the page has no #root')

const http = createHttp({ send: (input, init) => fetch(input, init) })

createRoot(place).render(
  <StrictMode>
    <App session={createSession({ http })} alarms={createAlarms({ http })} />
  </StrictMode>,
)
