// The registry: its parts on the left, the one that is open beside them. It is fetched when it is first opened.

import { ConfigProvider } from 'antd'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { Area } from '../../model/area.ts'
import type { User } from '../../model/user.ts'
import type { Http } from '../shell/http.ts'
import { Link } from '../shell/link.tsx'
import { type Notice, NoticeLine } from '../shell/notice-line.tsx'
import { useScreenPlace } from '../shell/screen-place.tsx'
import type { Session } from '../shell/session.ts'
import { useShown } from '../shell/shown.ts'
import { unkept, useUnkept } from '../shell/unkept.ts'
import { readAll } from './answers.ts'
import { NO_AREAS, treeOf } from './area-tree.ts'
import { AreasPart } from './areas/areas-part.tsx'
import { DevicesPart } from './devices/devices-part.tsx'
import { SecretDialog } from './devices/secret-dialog.tsx'
import { ImportPart } from './import/import-part.tsx'
import { ChannelsPart } from './rules/channels-part.tsx'
import { LaddersPart } from './rules/ladders-part.tsx'
import { AreaProceduresPart } from './rules/procedures-part.tsx'
import './registry.css'
import './registry.parts.css'
import { RegistryProvider, type RegistryTools } from './registry-context.ts'
import { ResidentsPart } from './residents/residents-part.tsx'
import { RetentionPart } from './rules/retention-part.tsx'
import { pathOf, rightsOf, type SectionName, sectionAt, sectionsOf } from './sections.ts'
import { useAnswer } from './use-answer.ts'
import { UsersPart } from './users/users-part.tsx'
import { useRegistryWords } from './words.ts'

type Props = { user: User; session: Session; http: Http }

const PARTS: Readonly<Record<SectionName, (props: { id: string | undefined }) => React.ReactNode>> = {
  residents: ResidentsPart,
  devices: DevicesPart,
  areas: AreasPart,
  procedures: AreaProceduresPart,
  users: UsersPart,
  ladders: LaddersPart,
  channels: ChannelsPart,
  retention: RetentionPart,
  import: ImportPart,
}

/** Hints and what stands in empty fields are read as well (WCAG 2.2, 1.4.3). */
const READABLE = {
  token: {
    colorTextPlaceholder: '#5f6c6f',
    colorTextDescription: '#4f5d60',
    controlItemBgActive: '#e3eef1',
    controlItemBgActiveHover: '#d5e6ea',
  },
}

export function RegistryScreen({ user, http }: Props) {
  const words = useRegistryWords()
  const { path, goTo } = useScreenPlace()
  const { section, id } = sectionAt(path, user.role)
  const shown = useShown()
  const above = useRef<HTMLDivElement>(null)
  const [notice, setNotice] = useState<Notice>()
  const areas = useAnswer<Area[]>('areas', () => readAll<Area>(http, 'areas'))
  const { value: known, reload: reloadAreas } = areas
  const tell = useCallback((said: Notice) => setNotice(said), [])
  const tools: RegistryTools = useMemo(
    () => ({
      user,
      rights: rightsOf(user.role),
      areas: known ? treeOf(known) : NO_AREAS,
      reloadAreas,
      tell,
      goTo,
    }),
    [user, known, reloadAreas, tell, goTo],
  )
  const Part = PARTS[section]
  return (
    // Its dialogs lie within the registry: beneath another screen they are beneath it too.
    <ConfigProvider theme={READABLE} getPopupContainer={() => above.current ?? document.body}>
      <RegistryProvider value={tools}>
        <div className="registry">
          <nav className="registry-sections" aria-label={words.registry}>
            <ul>
              {sectionsOf(user.role).map(name => (
                <li key={name}>
                  <Link to={pathOf(name)} current={name === section}>
                    {words.sections[name]}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <main className="registry-main" key={`${section} ${id ?? ''}`}>
            <Part id={id} />
          </main>
        </div>
        <WaitingSecret />
        <div ref={above} />
        {notice && shown && <NoticeLine notice={notice} onGone={() => setNotice(undefined)} />}
      </RegistryProvider>
    </ConfigProvider>
  )
}

/** The secret of a device that was registered or got a new one, wherever somebody has gone since: one after the other. */
function WaitingSecret() {
  const told = useUnkept().find(({ from }) => from === 'registration')
  const [device] = told?.devices ?? []
  if (!told || !device) return null
  return <SecretDialog key={device.secret} of={device} onClose={() => unkept.forget(told)} />
}
