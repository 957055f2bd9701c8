// The entry of the family's page.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './family.css'
import { createHttp } from '../shell/http.ts'
import { FamilyApp } from './app.tsx'
import { LanguageProvider } from './language.tsx'
import { startWorker } from './push.ts'

const place = document.getElementById('root')
if (!place) throw new Error('the page has no #root')

const http = createHttp({ send: (input, init) => fetch(input, init) })
startWorker()

createRoot(place).render(
  <StrictMode>
    <LanguageProvider>
      <FamilyApp http={http} />
    </LanguageProvider>
  </StrictMode>,
)
