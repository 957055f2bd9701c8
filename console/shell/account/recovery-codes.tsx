// The recovery codes, on the one screen that ever shows them.

import { Button } from 'antd'
import { useState } from 'react'
import { saveFile } from '../download.ts'
import { useAccountWords } from './words.ts'

export function CodesToKeep({ codes, onKept }: { codes: readonly string[]; onKept(): void }) {
  const labels = useAccountWords()
  const [isCopied, setCopied] = useState(false)
  const text = `${codes.join('\n')}\n`
  return (
    <div className="enrol-step">
      <h3>{labels.codesTitle}</h3>
      <p>{labels.codesLead}</p>
      <ol className="codes">
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="account-choices">
        <Button type="primary" onClick={onKept}>
          {labels.codesKept}
        </Button>
        <Button onClick={() => saveFile(labels.codesFile, new Blob([text], { type: 'text/plain' }))}>
          {labels.codesSave}
        </Button>
        {/* Browsers offer it on pages that came by HTTPS. */}
        {window.isSecureContext && (
          <Button onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
            {isCopied ? labels.codesCopied : labels.codesCopy}
          </Button>
        )}
      </div>
    </div>
  )
}
