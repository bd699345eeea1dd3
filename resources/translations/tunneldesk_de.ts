<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About TunnelDesk</source>
        <translation>Über TunnelDesk</translation>
    </message>
    <message>
        <source>Puts a port of this computer on a public address, and keeps it there.</source>
        <translation>Bringt einen Port dieses Computers auf eine öffentliche Adresse und hält ihn dort.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the versions</source>
        <translation>Versionen kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Licences...</source>
        <translation>Lizenzen ...</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>Account</name>
    <message>
        <source>This computer only</source>
        <translation>Nur dieser Computer</translation>
    </message>
    <message>
        <source>No account needed.</source>
        <translation>Kein Konto nötig.</translation>
    </message>
    <message>
        <source>Not running.</source>
        <translation>Läuft nicht.</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Zugriffstoken</translation>
    </message>
    <message>
        <source>The session has ended.</source>
        <translation>Die Sitzung ist beendet.</translation>
    </message>
    <message>
        <source>Not signed in.</source>
        <translation>Nicht angemeldet.</translation>
    </message>
    <message>
        <source>Signed in; kept in the system&apos;s keyring.</source>
        <translation>Angemeldet; im Schlüsselbund des Systems aufbewahrt.</translation>
    </message>
    <message>
        <source>Signed in until TunnelDesk ends.</source>
        <translation>Angemeldet, bis TunnelDesk endet.</translation>
    </message>
    <message>
        <source>Your session has ended</source>
        <translation>Ihre Sitzung ist beendet</translation>
    </message>
    <message>
        <source>What is exposed stays up as long as it can. Sign in again to go on.</source>
        <translation>Was freigegeben ist, bleibt es, solange das geht. Melden Sie sich neu an, um fortzufahren.</translation>
    </message>
</context>
<context>
    <name>AccountPage</name>
    <message>
        <source>Nobody has signed in yet.</source>
        <translation>Noch hat sich niemand angemeldet.</translation>
    </message>
    <message>
        <source>Add an account...</source>
        <translation>Konto hinzufügen ...</translation>
    </message>
    <message>
        <source>as the system trusts</source>
        <translation>wie das System vertraut</translation>
    </message>
    <message>
        <source>Company certificate</source>
        <translation>Firmenzertifikat</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Choose...</source>
        <translation>Wählen ...</translation>
    </message>
    <message>
        <source>Company &amp;certificate</source>
        <translation>&amp;Firmenzertifikat</translation>
    </message>
    <message>
        <source>For servers and proxies with a certificate of your company: a PEM file, trusted as well.</source>
        <translation>Für Server und Proxys mit einem Zertifikat Ihrer Firma: eine PEM-Datei, der ebenfalls vertraut wird.</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Choose the certificate of your company&apos;s authority</source>
        <translation>Zertifikat der Zertifizierungsstelle Ihrer Firma wählen</translation>
    </message>
    <message>
        <source>Choose the cloudflared program</source>
        <translation>Das Programm cloudflared auswählen</translation>
    </message>
</context>
<context>
    <name>AddressDialog</name>
    <message>
        <source>Live</source>
        <translation>Online</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>The address could not be copied by itself:</source>
        <translation>Die Adresse ließ sich nicht von selbst kopieren:</translation>
    </message>
</context>
<context>
    <name>Addresses</name>
    <message>
        <source>Address copied</source>
        <translation>Adresse kopiert</translation>
    </message>
    <message>
        <source>{address} is in the clipboard.</source>
        <translation>{address} ist in der Zwischenablage.</translation>
    </message>
</context>
<context>
    <name>Announcement</name>
    <message>
        <source>A tunnel is up that is to stay up.</source>
        <translation>Ein Tunnel ist online, der es bleiben soll.</translation>
    </message>
    <message>
        <source>{name} is live again</source>
        <translation>{name} ist wieder online</translation>
    </message>
    <message>
        <source>The server had let go of it. It was made anew, under the same address.</source>
        <translation>Der Server hatte ihn aufgegeben. Er wurde unter derselben Adresse neu angelegt.</translation>
    </message>
    <message>
        <source>It was taken up where it had been left.</source>
        <translation>Er wurde dort wieder aufgenommen, wo er verlassen worden war.</translation>
    </message>
    <message>
        <source>{name} is live</source>
        <translation>{name} ist online</translation>
    </message>
</context>
<context>
    <name>BrowserWait</name>
    <message>
        <source>Address to open in the browser</source>
        <translation>Adresse zum Öffnen im Browser</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>Noch einmal öffnen</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>Restzeit</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Asking {server} ...</source>
        <translation>{server} wird gefragt ...</translation>
    </message>
    <message>
        <source>It says where to sign in, then your browser opens.</source>
        <translation>Er sagt, wo Sie sich anmelden, dann öffnet sich Ihr Browser.</translation>
    </message>
    <message>
        <source>Waiting for your browser</source>
        <translation>Warten auf Ihren Browser</translation>
    </message>
    <message>
        <source>A page of {server} has opened there. Sign in as {email}; the rest happens by itself.</source>
        <translation>Dort hat sich eine Seite von {server} geöffnet. Melden Sie sich als {email} an; der Rest geschieht von selbst.</translation>
    </message>
    <message>
        <source>No browser could be opened. Copy the address into one, on this computer or another, and sign in there as {email}.</source>
        <translation>Es ließ sich kein Browser öffnen. Kopieren Sie die Adresse in einen, auf diesem oder einem anderen Computer, und melden Sie sich dort als {email} an.</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>{minutes}:{seconds} left</source>
        <translation>noch {minutes}:{seconds}</translation>
    </message>
</context>
<context>
    <name>CardDetails</name>
    <message>
        <source>Connector log of {name}</source>
        <translation>Protokoll des Connectors von {name}</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Connector</source>
        <translation>Connector</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>Name reserved</source>
        <translation>Name reserviert</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Connection lost</source>
        <translation>Verbindung verloren</translation>
    </message>
    <message>
        <source>Heartbeat missed</source>
        <translation>Heartbeat verpasst</translation>
    </message>
    <message>
        <source>Lease lost</source>
        <translation>Lease verloren</translation>
    </message>
    <message>
        <source>Reserved again under the same name</source>
        <translation>Unter demselben Namen neu reserviert</translation>
    </message>
    <message>
        <source>Taken up again</source>
        <translation>Wieder aufgenommen</translation>
    </message>
    <message>
        <source>This computer slept</source>
        <translation>Dieser Computer hat geschlafen</translation>
    </message>
    <message>
        <source>This computer changed networks</source>
        <translation>Dieser Computer hat das Netz gewechselt</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message>
        <source>{time} ago</source>
        <translation>vor {time}</translation>
    </message>
    <message>
        <source>Requests: not counted yet</source>
        <translation>Anfragen: noch nicht gezählt</translation>
    </message>
    <message>
        <source>Requests: {requests}, not answered by your service: {errors}</source>
        <translation>Anfragen: {requests}, vom eigenen Dienst nicht beantwortet: {errors}</translation>
    </message>
</context>
<context>
    <name>DiagnosticsDialog</name>
    <message>
        <source>Export diagnostics</source>
        <translation>Diagnose exportieren</translation>
    </message>
    <message>
        <source>Tokens, e-mail addresses, names and addresses of servers and tunnels have been taken out. Read it, and delete what you would rather keep to yourself; nothing is sent anywhere.</source>
        <translation>Token, E-Mail-Adressen sowie Namen und Adressen von Servern und Tunneln sind herausgenommen. Lesen Sie den Text und löschen Sie, was Sie lieber für sich behalten; gesendet wird nichts.</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Save...</source>
        <translation>Speichern ...</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>It can&apos;t be saved there: {reason}</source>
        <translation>Dort lässt sich nichts speichern: {reason}</translation>
    </message>
    <message>
        <source>Saved as {path}</source>
        <translation>Gespeichert als {path}</translation>
    </message>
    <message>
        <source>Save diagnostics</source>
        <translation>Diagnose speichern</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>Looking: {done} of {all} checks are done.</source>
        <translation>Untersuchung läuft: {done} von {all} Prüfungen sind fertig.</translation>
    </message>
    <message>
        <source>{failed} of {all} checks failed.</source>
        <translation>{failed} von {all} Prüfungen sind fehlgeschlagen.</translation>
    </message>
    <message>
        <source>All that is needed is there. Worth a look: {warned} of {all} checks.</source>
        <translation>Alles Nötige ist da. Einen Blick wert: {warned} von {all} Prüfungen.</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>Alles in Ordnung.</translation>
    </message>
    <message>
        <source>server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>access token</source>
        <translation>Zugriffstoken</translation>
    </message>
    <message>
        <source>keyring</source>
        <translation>Schlüsselbund</translation>
    </message>
    <message>
        <source>connector</source>
        <translation>Connector</translation>
    </message>
    <message>
        <source>tray</source>
        <translation>Infobereich</translation>
    </message>
    <message>
        <source>folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>disk space</source>
        <translation>Speicherplatz</translation>
    </message>
    <message>
        <source>leftovers</source>
        <translation>Überbleibsel</translation>
    </message>
    <message>
        <source>localhost names</source>
        <translation>localhost-Namen</translation>
    </message>
    <message>
        <source>port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>The system&apos;s keyring can be used.</source>
        <translation>Der Schlüsselbund des Systems ist benutzbar.</translation>
    </message>
    <message>
        <source>{server} answers as a tunnel server does.</source>
        <translation>{server} antwortet wie ein Tunnelserver.</translation>
    </message>
    <message>
        <source>Proxy in use: {proxy}.</source>
        <translation>Verwendeter Proxy: {proxy}.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock goes with the server&apos;s.</source>
        <translation>Die Uhr dieses Computers geht wie die des Servers.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {apart} ahead of the server&apos;s.</source>
        <translation>Die Uhr dieses Computers geht gegenüber der des Servers {apart} vor.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {apart} behind the server&apos;s.</source>
        <translation>Die Uhr dieses Computers geht gegenüber der des Servers {apart} nach.</translation>
    </message>
    <message>
        <source>Sign-in and certificates need the right time.</source>
        <translation>Anmeldung und Zertifikate brauchen die richtige Zeit.</translation>
    </message>
    <message>
        <source>Turn on automatic time in the system&apos;s settings, unless it is the server&apos;s clock that is wrong.</source>
        <translation>Schalten Sie in den Systemeinstellungen die automatische Uhrzeit ein, sofern nicht die Uhr des Servers falsch geht.</translation>
    </message>
    <message>
        <source>The server accepts the access token; tunnels in use: {tunnels}.</source>
        <translation>Der Server nimmt das Zugriffstoken an; benutzte Tunnel: {tunnels}.</translation>
    </message>
    <message>
        <source>The server is on this computer, so the stand-in will do.</source>
        <translation>Der Server läuft auf diesem Computer, also genügt der Ersatz.</translation>
    </message>
    <message>
        <source>There is no cloudflared; the server is on this computer, so the stand-in will do.</source>
        <translation>Es gibt kein cloudflared; der Server läuft auf diesem Computer, also genügt der Ersatz.</translation>
    </message>
    <message>
        <source>cloudflared {version} ({path}).</source>
        <translation>cloudflared {version} ({path}).</translation>
    </message>
    <message>
        <source>{newer} can be had with: {command}</source>
        <translation>{newer} gibt es mit: {command}</translation>
    </message>
    <message>
        <source>Tried: {tried}.</source>
        <translation>Versucht: {tried}.</translation>
    </message>
    <message>
        <source>Allow outgoing TCP and UDP to port 7844 in the firewall; a proxy does not help here.</source>
        <translation>Erlauben Sie in der Firewall ausgehendes TCP und UDP zu Port 7844; ein Proxy hilft hier nicht.</translation>
    </message>
    <message>
        <source>Whether UDP (QUIC) gets through can&apos;t be told from here; cloudflared does without it if need be.</source>
        <translation>Ob UDP (QUIC) durchkommt, lässt sich von hier nicht sagen; notfalls kommt cloudflared ohne aus.</translation>
    </message>
    <message>
        <source>Cloudflare</source>
        <translation>Cloudflare</translation>
    </message>
    <message>
        <source>Cloudflare takes connections: {reached}.</source>
        <translation>Cloudflare nimmt Verbindungen an: {reached}.</translation>
    </message>
    <message>
        <source>Not reached: {unreached}.</source>
        <translation>Nicht erreicht: {unreached}.</translation>
    </message>
    <message>
        <source>Allow outgoing TCP and UDP to port 7844 for both regions in the firewall.</source>
        <translation>Erlauben Sie in der Firewall ausgehendes TCP und UDP zu Port 7844 für beide Regionen.</translation>
    </message>
    <message>
        <source>This desktop has a tray.</source>
        <translation>Dieser Desktop hat einen Infobereich.</translation>
    </message>
    <message>
        <source>This desktop has no tray: the app shows its window instead.</source>
        <translation>Dieser Desktop hat keinen Infobereich: Die App zeigt stattdessen ihr Fenster.</translation>
    </message>
    <message>
        <source>On GNOME, turn on the extension AppIndicator Support; elsewhere, add a tray to the panel.</source>
        <translation>Unter GNOME die Erweiterung AppIndicator Support einschalten; sonst der Leiste einen Infobereich hinzufügen.</translation>
    </message>
    <message>
        <source>{folder} can&apos;t be written to: {why}.</source>
        <translation>In {folder} kann nicht geschrieben werden: {why}.</translation>
    </message>
    <message>
        <source>Make it writable, or set TUNNELDESK_HOME to a folder that is.</source>
        <translation>Machen Sie ihn beschreibbar, oder setzen Sie TUNNELDESK_HOME auf einen Ordner, der es ist.</translation>
    </message>
    <message>
        <source>Damaged files were set aside, and TunnelDesk went on without them: {files}.</source>
        <translation>Beschädigte Dateien wurden beiseitegelegt, und TunnelDesk machte ohne sie weiter: {files}.</translation>
    </message>
    <message>
        <source>Take out of them what you miss, then delete them.</source>
        <translation>Nehmen Sie heraus, was Ihnen fehlt, und löschen Sie sie dann.</translation>
    </message>
    <message>
        <source>{folders} can be written to.</source>
        <translation>In {folders} kann geschrieben werden.</translation>
    </message>
    <message>
        <source>{free} free for {folder}.</source>
        <translation>{free} frei für {folder}.</translation>
    </message>
    <message>
        <source>Make room on that disk: what you want exposed is remembered there.</source>
        <translation>Schaffen Sie Platz auf diesem Datenträger: Dort wird gemerkt, was freigegeben sein soll.</translation>
    </message>
    <message>
        <source>Connectors that have outlived their owner: process {numbers}.</source>
        <translation>Connectors, die ihren Besitzer überlebt haben: Prozess {numbers}.</translation>
    </message>
    <message>
        <source>Tunnels that nobody serves and that may still be on their server: {n}.</source>
        <translation>Tunnel, die niemand bedient und die es auf ihrem Server noch geben kann: {n}.</translation>
    </message>
    <message>
        <source>Earlier runs have left nothing behind.</source>
        <translation>Frühere Läufe haben nichts zurückgelassen.</translation>
    </message>
    <message>
        <source>Start TunnelDesk, or run expose: they are cleaned up then.</source>
        <translation>Starten Sie TunnelDesk oder rufen Sie expose auf: Dann wird aufgeräumt.</translation>
    </message>
    <message>
        <source>Names ending in .localhost are looked up.</source>
        <translation>Namen, die auf .localhost enden, werden aufgelöst.</translation>
    </message>
    <message>
        <source>The system does not look up names ending in .localhost. Browsers and curl do it themselves; some programs can&apos;t open the addresses of --demo.</source>
        <translation>Das System löst Namen, die auf .localhost enden, nicht auf. Browser und curl tun es selbst; manche Programme können die Adressen von --demo nicht öffnen.</translation>
    </message>
    <message>
        <source>For such a program, connect to 127.0.0.1 and send the Host header; or install libnss-myhostname.</source>
        <translation>Für ein solches Programm: mit 127.0.0.1 verbinden und den Host-Header senden; oder libnss-myhostname installieren.</translation>
    </message>
    <message>
        <source>Nothing listens on port {port} of this computer: visitors would see an error page.</source>
        <translation>Auf Port {port} dieses Computers lauscht nichts: Besucher sähen eine Fehlerseite.</translation>
    </message>
    <message>
        <source>Start your service, or name the port it listens on.</source>
        <translation>Starten Sie Ihren Dienst, oder nennen Sie den Port, auf dem er lauscht.</translation>
    </message>
    <message>
        <source>Port {port} is taken on {addresses}.</source>
        <translation>Port {port} ist auf {addresses} belegt.</translation>
    </message>
    <message>
        <source>It speaks TLS, and a tunnel brings it plain HTTP.</source>
        <translation>Er spricht TLS, und ein Tunnel bringt ihm einfaches HTTP.</translation>
    </message>
    <message>
        <source>Let your service speak plain HTTP on that port: the public address is https all the same.</source>
        <translation>Lassen Sie Ihren Dienst auf diesem Port einfaches HTTP sprechen: Die öffentliche Adresse ist trotzdem https.</translation>
    </message>
    <message>
        <source>Not looked at: a server that answers is needed first.</source>
        <translation>Nicht geprüft: Erst muss ein Server antworten.</translation>
    </message>
    <message>
        <source>The server does not say what time it is there.</source>
        <translation>Der Server sagt nicht, wie spät es bei ihm ist.</translation>
    </message>
    <message>
        <source>Not looked at: no server is known, so nobody knows whether Cloudflare is used.</source>
        <translation>Nicht geprüft: Es ist kein Server bekannt, also auch nicht, ob Cloudflare gebraucht wird.</translation>
    </message>
    <message>
        <source>Not looked at: the server is on this computer, where Cloudflare is not used.</source>
        <translation>Nicht geprüft: Der Server läuft auf diesem Computer, wo Cloudflare nicht gebraucht wird.</translation>
    </message>
    <message>
        <source>Not looked at: there is no display here. The terminal needs none.</source>
        <translation>Nicht geprüft: Hier gibt es keinen Bildschirm. Das Terminal braucht keinen.</translation>
    </message>
    <message>
        <source>Not looked at: Qt is not installed here. The terminal does without it.</source>
        <translation>Nicht geprüft: Qt ist hier nicht installiert. Das Terminal kommt ohne aus.</translation>
    </message>
    <message>
        <source>Whether there is a tray could not be found out.</source>
        <translation>Ob es einen Infobereich gibt, ließ sich nicht herausfinden.</translation>
    </message>
    <message>
        <source>This could not be found out in reasonable time.</source>
        <translation>Das ließ sich nicht in vertretbarer Zeit herausfinden.</translation>
    </message>
</context>
<context>
    <name>DoctorWindow</name>
    <message>
        <source>Doctor</source>
        <translation>Untersuchung</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Noch einmal prüfen</translation>
    </message>
    <message>
        <source>Export diagnostics...</source>
        <translation>Diagnose exportieren ...</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
</context>
<context>
    <name>Download</name>
    <message>
        <source>Checking cloudflared {version} ...</source>
        <translation>cloudflared {version} wird geprüft ...</translation>
    </message>
    <message>
        <source>Downloading cloudflared {version} ... {received} of {total} MB</source>
        <translation>cloudflared {version} wird geladen ... {received} von {total} MB</translation>
    </message>
    <message>
        <source>Downloading cloudflared {version} ... {received} MB</source>
        <translation>cloudflared {version} wird geladen ... {received} MB</translation>
    </message>
    <message>
        <source>Downloading cloudflared {version} ...</source>
        <translation>cloudflared {version} wird geladen ...</translation>
    </message>
    <message>
        <source>cloudflared {version} is used.</source>
        <translation>cloudflared {version} wird benutzt.</translation>
    </message>
    <message>
        <source>Open the release page</source>
        <translation>Veröffentlichungsseite öffnen</translation>
    </message>
    <message>
        <source>Download {version}</source>
        <translation>{version} herunterladen</translation>
    </message>
    <message>
        <source>Update to {version}</source>
        <translation>Auf {version} aktualisieren</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the download</source>
        <translation>Herunterladen abbrechen</translation>
    </message>
</context>
<context>
    <name>Expose</name>
    <message>
        <source>(random)</source>
        <translation>(zufällig)</translation>
    </message>
    <message>
        <source>{name}.&lt;domain of the server&gt;</source>
        <translation>{name}.&lt;Domain des Servers&gt;</translation>
    </message>
    <message>
        <source>another user&apos;s program</source>
        <translation>Programm eines anderen Benutzers</translation>
    </message>
    <message>
        <source> - exposed as {name}</source>
        <translation> - freigegeben als {name}</translation>
    </message>
</context>
<context>
    <name>ExposeDialog</name>
    <message>
        <source>Expose a port</source>
        <translation>Einen Port freigeben</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>random</source>
        <translation>zufällig</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Stop automatically after</source>
        <translation>Von selbst beenden nach</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>30 minutes</source>
        <translation>30 Minuten</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 Stunde</translation>
    </message>
    <message>
        <source>4 hours</source>
        <translation>4 Stunden</translation>
    </message>
    <message>
        <source>8 hours</source>
        <translation>8 Stunden</translation>
    </message>
    <message>
        <source>Copy the address when it is live</source>
        <translation>Die Adresse kopieren, wenn sie online ist</translation>
    </message>
    <message>
        <source>Keep the computer awake while it is live</source>
        <translation>Den Computer wach halten, solange sie online ist</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Expose</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>&amp;Port</source>
        <translation>&amp;Port</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Stop after</source>
        <translation>&amp;Beenden nach</translation>
    </message>
    <message>
        <source>Change {name}</source>
        <translation>{name} ändern</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>Nothing answers on localhost:{port} yet.</source>
        <translation>Auf localhost:{port} antwortet noch nichts.</translation>
    </message>
    <message>
        <source>localhost:{port} speaks TLS, but the tunnel sends plain HTTP, which it will likely refuse.</source>
        <translation>localhost:{port} spricht TLS, der Tunnel aber sendet einfaches HTTP, was wohl abgelehnt wird.</translation>
    </message>
</context>
<context>
    <name>Findings</name>
    <message>
        <source>your service</source>
        <translation>Ihr Dienst</translation>
    </message>
    <message>
        <source>Not in DNS yet</source>
        <translation>Noch nicht im DNS</translation>
    </message>
    <message>
        <source>The address is on its way: DNS does not know {host} yet.</source>
        <translation>Die Adresse ist unterwegs: Das DNS kennt {host} noch nicht.</translation>
    </message>
    <message>
        <source>Give it a minute, then check again.</source>
        <translation>Warten Sie eine Minute und prüfen Sie dann erneut.</translation>
    </message>
    <message>
        <source>Name refused</source>
        <translation>Name abgelehnt</translation>
    </message>
    <message>
        <source>The address works, but {framework} on {service} turns visitors away until {host} is allowed.</source>
        <translation>Die Adresse funktioniert, aber {framework} auf {service} weist Besucher ab, bis {host} erlaubt ist.</translation>
    </message>
    <message>
        <source>Add this line to {file} and restart it:</source>
        <translation>Fügen Sie diese Zeile in {file} ein und starten Sie neu:</translation>
    </message>
    <message>
        <source>Reached</source>
        <translation>Erreicht</translation>
    </message>
    <message>
        <source>The address works: {service} answers as {host}.</source>
        <translation>Die Adresse funktioniert: {service} antwortet als {host}.</translation>
    </message>
    <message>
        <source>Not in DNS</source>
        <translation>Nicht im DNS</translation>
    </message>
    <message>
        <source>The address can&apos;t be found: DNS does not know {host}.</source>
        <translation>Die Adresse ist nicht zu finden: Das DNS kennt {host} nicht.</translation>
    </message>
    <message>
        <source>A new name takes a minute. For an old one, restart the tunnel.</source>
        <translation>Ein neuer Name braucht eine Minute. Bei einem alten starten Sie den Tunnel neu.</translation>
    </message>
    <message>
        <source>Not reachable</source>
        <translation>Nicht erreichbar</translation>
    </message>
    <message>
        <source>The address can&apos;t be reached from this computer: {host} took no connection, or broke it off.</source>
        <translation>Die Adresse ist von diesem Computer nicht erreichbar: {host} nahm keine Verbindung an oder brach sie ab.</translation>
    </message>
    <message>
        <source>Perhaps the network is away, or a firewall is in between.</source>
        <translation>Vielleicht fehlt das Netz, oder eine Firewall ist dazwischen.</translation>
    </message>
    <message>
        <source>Timed out</source>
        <translation>Zeit überschritten</translation>
    </message>
    <message>
        <source>The address gave no answer in time. A visitor of {host} waits, too.</source>
        <translation>Die Adresse antwortete nicht rechtzeitig. Auch ein Besucher von {host} wartet.</translation>
    </message>
    <message>
        <source>Check whether {service} itself answers, and how fast.</source>
        <translation>Prüfen Sie, ob {service} selbst antwortet und wie schnell.</translation>
    </message>
    <message>
        <source>Certificate refused</source>
        <translation>Zertifikat abgelehnt</translation>
    </message>
    <message>
        <source>The address has no certificate that holds for {host}, so browsers warn of it.</source>
        <translation>Die Adresse hat kein Zertifikat, das für {host} gilt, also warnen Browser davor.</translation>
    </message>
    <message>
        <source>A name that is new may still get its own; a company&apos;s network may put another in between.</source>
        <translation>Ein neuer Name bekommt vielleicht noch sein eigenes; ein Firmennetz schiebt vielleicht ein anderes dazwischen.</translation>
    </message>
    <message>
        <source>Unknown to Cloudflare</source>
        <translation>Cloudflare unbekannt</translation>
    </message>
    <message>
        <source>The address leads nowhere: Cloudflare knows no tunnel under {host}.</source>
        <translation>Die Adresse führt nirgendwohin: Cloudflare kennt unter {host} keinen Tunnel.</translation>
    </message>
    <message>
        <source>The address works up to Cloudflare, which has no connection to the connector of {host}.</source>
        <translation>Die Adresse funktioniert bis zu Cloudflare, das keine Verbindung zum Connector von {host} hat.</translation>
    </message>
    <message>
        <source>Cloudflare refused</source>
        <translation>Von Cloudflare abgelehnt</translation>
    </message>
    <message>
        <source>The address {host} is answered by Cloudflare itself, which lets nobody through (HTTP {status}).</source>
        <translation>Unter {host} antwortet Cloudflare selbst und lässt niemanden durch (HTTP {status}).</translation>
    </message>
    <message>
        <source>Restart the tunnel, which makes it anew.</source>
        <translation>Starten Sie den Tunnel neu; dabei wird er neu angelegt.</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <source>If that lasts, restart the tunnel.</source>
        <translation>Wenn das anhält, starten Sie den Tunnel neu.</translation>
    </message>
    <message>
        <source>No answer behind it</source>
        <translation>Dahinter keine Antwort</translation>
    </message>
    <message>
        <source>The address works up to the connector, which gets no proper answer from {service}.</source>
        <translation>Die Adresse funktioniert bis zum Connector, der von {service} keine richtige Antwort bekommt.</translation>
    </message>
    <message>
        <source>Start your service. One that speaks HTTPS only does not work here.</source>
        <translation>Starten Sie Ihren Dienst. Einer, der nur HTTPS spricht, funktioniert hier nicht.</translation>
    </message>
    <message>
        <source>Service too slow</source>
        <translation>Dienst zu langsam</translation>
    </message>
    <message>
        <source>The address works, but {service} took the request and did not answer in time.</source>
        <translation>Die Adresse funktioniert, aber {service} nahm die Anfrage an und antwortete nicht rechtzeitig.</translation>
    </message>
    <message>
        <source>Check what it is busy with.</source>
        <translation>Sehen Sie nach, womit er beschäftigt ist.</translation>
    </message>
    <message>
        <source>Ask whoever runs the server.</source>
        <translation>Fragen Sie, wer den Server betreibt.</translation>
    </message>
    <message>
        <source>The address works, but {service} turns away whoever comes by the name {host}.</source>
        <translation>Die Adresse funktioniert, aber {service} weist ab, wer unter dem Namen {host} kommt.</translation>
    </message>
    <message>
        <source>Allow that name in its settings.</source>
        <translation>Erlauben Sie diesen Namen in seinen Einstellungen.</translation>
    </message>
</context>
<context>
    <name>HeartbeatStrip</name>
    <message>
        <source>Heartbeats: {answered} of the last {all} answered</source>
        <translation>Heartbeats: {answered} der letzten {all} beantwortet</translation>
    </message>
</context>
<context>
    <name>Hops</name>
    <message>
        <source>Your service</source>
        <translation>Ihr Dienst</translation>
    </message>
    <message>
        <source>Connector</source>
        <translation>Connector</translation>
    </message>
    <message>
        <source>Lease</source>
        <translation>Lease</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antwortet</translation>
    </message>
    <message>
        <source>No answer just now</source>
        <translation>Gerade keine Antwort</translation>
    </message>
    <message>
        <source>Not looked at</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Keine Antwort</translation>
    </message>
    <message>
        <source>Change port...</source>
        <translation>Port ändern ...</translation>
    </message>
    <message>
        <source>Stopping ...</source>
        <translation>Wird beendet ...</translation>
    </message>
    <message>
        <source>Starting ...</source>
        <translation>Startet ...</translation>
    </message>
    <message>
        <source>Connecting ...</source>
        <translation>Verbindet ...</translation>
    </message>
    <message>
        <source>Connected at {place}</source>
        <translation>Verbunden in {place}</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Nicht gestartet</translation>
    </message>
    <message>
        <source>Reconnecting ...</source>
        <translation>Verbindet neu ...</translation>
    </message>
    <message>
        <source>The connector lost its connection to Cloudflare and is making a new one. The address stays yours for as long as the lease is renewed.</source>
        <translation>Der Connector hat seine Verbindung zu Cloudflare verloren und baut eine neue auf. Die Adresse bleibt Ihre, solange die Lease erneuert wird.</translation>
    </message>
    <message>
        <source>Show log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <source>The lease has run out, since no heartbeat got through{why}. As soon as the server answers, the tunnel is taken up or created again under the same name.</source>
        <translation>Die Lease ist abgelaufen, weil kein Heartbeat durchkam{why}. Sobald der Server antwortet, wird der Tunnel wieder aufgenommen oder unter demselben Namen neu angelegt.</translation>
    </message>
    <message>
        <source>Run out</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>The lease is not renewed: heartbeats don&apos;t get through{why}. The server keeps the tunnel for another {left}.</source>
        <translation>Die Lease wird nicht erneuert: Heartbeats kommen nicht durch{why}. Der Server behält den Tunnel noch {left}.</translation>
    </message>
    <message>
        <source>Not renewed</source>
        <translation>Nicht erneuert</translation>
    </message>
    <message>
        <source>Renewed</source>
        <translation>Erneuert</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>The server no longer has the tunnel. It is created again under the same name.</source>
        <translation>Der Server hat den Tunnel nicht mehr. Er wird unter demselben Namen neu angelegt.</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Reserving name ...</source>
        <translation>Name wird reserviert ...</translation>
    </message>
    <message>
        <source>Checking ...</source>
        <translation>Wird geprüft ...</translation>
    </message>
    <message>
        <source>Not checked</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Checked at {time}</source>
        <translation>Geprüft um {time}</translation>
    </message>
    <message>
        <source>Checked at {time}: HTTP {status}</source>
        <translation>Geprüft um {time}: HTTP {status}</translation>
    </message>
    <message>
        <source>Reached just now</source>
        <translation>Gerade erreicht</translation>
    </message>
    <message>
        <source>Reached {time} ago</source>
        <translation>Vor {time} erreicht</translation>
    </message>
</context>
<context>
    <name>KeepRunning</name>
    <message>
        <source>Keep the tunnels running?</source>
        <translation>Sollen die Tunnel weiterlaufen?</translation>
    </message>
    <message>
        <source>This desktop has no tray, so nothing will be seen of them. Start TunnelDesk again to get this window back. From now on closing it keeps them running without asking; the settings can change that.</source>
        <translation>Dieser Desktop hat keinen Infobereich, also wird nichts von ihnen zu sehen sein. Starten Sie TunnelDesk noch einmal, um dieses Fenster zurückzubekommen. Von nun an laufen sie beim Schließen ohne Nachfrage weiter; die Einstellungen können das ändern.</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>Tunnel und App beenden</translation>
    </message>
</context>
<context>
    <name>Landing</name>
    <message>
        <source>en</source>
        <translation>de</translation>
    </message>
    <message>
        <source>You are signed in</source>
        <translation>Sie sind angemeldet</translation>
    </message>
    <message>
        <source>Close this page, and return to TunnelDesk.</source>
        <translation>Schließen Sie diese Seite und kehren Sie zu TunnelDesk zurück.</translation>
    </message>
    <message>
        <source>You are not signed in</source>
        <translation>Sie sind nicht angemeldet</translation>
    </message>
    <message>
        <source>Close this page; TunnelDesk says what happened.</source>
        <translation>Schließen Sie diese Seite; TunnelDesk sagt, was geschehen ist.</translation>
    </message>
    <message>
        <source>That sign-in is no longer valid</source>
        <translation>Diese Anmeldung gilt nicht mehr</translation>
    </message>
    <message>
        <source>Go back to TunnelDesk, and start again.</source>
        <translation>Gehen Sie zurück zu TunnelDesk und beginnen Sie von vorn.</translation>
    </message>
    <message>
        <source>There is nothing here</source>
        <translation>Hier ist nichts</translation>
    </message>
    <message>
        <source>Go back to TunnelDesk.</source>
        <translation>Gehen Sie zurück zu TunnelDesk.</translation>
    </message>
</context>
<context>
    <name>ListenerList</name>
    <message>
        <source>Listening on this machine now</source>
        <translation>Was gerade auf diesem Computer lauscht</translation>
    </message>
    <message>
        <source>Looking what listens on this machine ...</source>
        <translation>Es wird nachgesehen, was auf diesem Computer lauscht ...</translation>
    </message>
    <message>
        <source>Nothing listens on this machine yet.</source>
        <translation>Auf diesem Computer lauscht noch nichts.</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>Nothing has been said yet.</source>
        <translation>Noch wurde nichts gesagt.</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Show only lines that contain</source>
        <translation>Nur Zeilen zeigen, die dies enthalten</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <source>Follow ({count} new)</source>
        <translation>Folgen ({count} neue)</translation>
    </message>
</context>
<context>
    <name>LogsWindow</name>
    <message>
        <source>Logs</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Connector of {name}</source>
        <translation>Connector von {name}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Sign in...</source>
        <translation>Anmelden ...</translation>
    </message>
    <message>
        <source>Expose a port...</source>
        <translation>Port freigeben ...</translation>
    </message>
    <message>
        <source>Running elsewhere</source>
        <translation>Läuft anderswo</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>MenuButton</name>
    <message>
        <source>&amp;Menu</source>
        <translation>&amp;Menü</translation>
    </message>
</context>
<context>
    <name>NoAnswer</name>
    <message>
        <source>TunnelDesk does not answer</source>
        <translation>TunnelDesk antwortet nicht</translation>
    </message>
    <message>
        <source>It runs already, but has not answered for {seconds} seconds. Try again in a moment. If that does not help, end it by your system&apos;s means and start it again; its tunnels come back.</source>
        <translation>Es läuft schon, hat aber seit {seconds} Sekunden nicht geantwortet. Versuchen Sie es gleich noch einmal. Hilft das nicht, beenden Sie es mit den Mitteln Ihres Systems und starten Sie es neu; seine Tunnel kommen wieder.</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Verwerfen</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>{name} is connected again</source>
        <translation>{name} ist wieder verbunden</translation>
    </message>
    <message>
        <source>{name} has lost its connection</source>
        <translation>{name} hat die Verbindung verloren</translation>
    </message>
    <message>
        <source>TunnelDesk goes on trying to bring it back under the same address.</source>
        <translation>TunnelDesk versucht weiter, sie unter derselben Adresse zurückzuholen.</translation>
    </message>
    <message>
        <source>{name} was stopped</source>
        <translation>{name} wurde beendet</translation>
    </message>
    <message>
        <source>It was to be stopped after {time}.</source>
        <translation>Das war für nach {time} vorgesehen.</translation>
    </message>
</context>
<context>
    <name>NoticesDialog</name>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Number</name>
    <message>
        <source>{h} h {min} min</source>
        <translation>{h} h {min} min</translation>
    </message>
    <message>
        <source>{h} h</source>
        <translation>{h} h</translation>
    </message>
    <message>
        <source>{min} min {s} s</source>
        <translation>{min} min {s} s</translation>
    </message>
    <message>
        <source>{min} min</source>
        <translation>{min} min</translation>
    </message>
    <message>
        <source>{s} s</source>
        <translation>{s} s</translation>
    </message>
    <message>
        <source>,</source>
        <translation>.</translation>
    </message>
    <message>
        <source>.</source>
        <translation>,</translation>
    </message>
</context>
<context>
    <name>Problem</name>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>HTTP status</source>
        <translation>HTTP-Status</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Request id</source>
        <translation>Anfrage-ID</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Melden Sie sich noch einmal an</translation>
    </message>
    <message>
        <source>This account may not do that</source>
        <translation>Dieses Konto darf das nicht</translation>
    </message>
    <message>
        <source>Sign-in was refused</source>
        <translation>Die Anmeldung wurde abgelehnt</translation>
    </message>
    <message>
        <source>Sign-in failed at the provider</source>
        <translation>Die Anmeldung ist beim Anbieter fehlgeschlagen</translation>
    </message>
    <message>
        <source>That sign-in is no longer valid</source>
        <translation>Diese Anmeldung gilt nicht mehr</translation>
    </message>
    <message>
        <source>Can&apos;t store your sign-in safely</source>
        <translation>Die Anmeldung lässt sich nicht sicher speichern</translation>
    </message>
    <message>
        <source>You are not signed in</source>
        <translation>Sie sind nicht angemeldet</translation>
    </message>
    <message>
        <source>{server} needs to know who is asking. Sign in to expose port {port}.</source>
        <translation>{server} muss wissen, wer fragt. Melden Sie sich an, um Port {port} freizugeben.</translation>
    </message>
    <message>
        <source>{server} needs to know who is asking. Sign in to go on.</source>
        <translation>{server} muss wissen, wer fragt. Melden Sie sich an, um fortzufahren.</translation>
    </message>
    <message>
        <source>TunnelDesk does not know yet which server to use, or as whom. Sign in to go on.</source>
        <translation>TunnelDesk weiß noch nicht, welchen Server es benutzen soll und als wer. Melden Sie sich an, um fortzufahren.</translation>
    </message>
    <message>
        <source>{server} was asked without an access token. Sign in to go on with port {port}.</source>
        <translation>{server} wurde ohne Zugriffstoken gefragt. Melden Sie sich an, um mit Port {port} fortzufahren.</translation>
    </message>
    <message>
        <source>The server was asked without an access token. Sign in to go on.</source>
        <translation>Der Server wurde ohne Zugriffstoken gefragt. Melden Sie sich an, um fortzufahren.</translation>
    </message>
    <message>
        <source>{server} does not accept the access token: it has expired, was revoked, or belongs to another server. Sign in to go on with port {port}.</source>
        <translation>{server} nimmt das Zugriffstoken nicht an: Es ist abgelaufen, widerrufen oder gehört zu einem anderen Server. Melden Sie sich an, um mit Port {port} fortzufahren.</translation>
    </message>
    <message>
        <source>The server does not accept the access token: it has expired, was revoked, or belongs to another server. Sign in to go on.</source>
        <translation>Der Server nimmt das Zugriffstoken nicht an: Es ist abgelaufen, widerrufen oder gehört zu einem anderen Server. Melden Sie sich an, um fortzufahren.</translation>
    </message>
    <message>
        <source>Your session has ended</source>
        <translation>Ihre Sitzung ist beendet</translation>
    </message>
    <message>
        <source>{server} no longer continues it, as happens after some time or when the session was ended elsewhere. Sign in to go on with port {port}.</source>
        <translation>{server} setzt sie nicht mehr fort, wie es nach einiger Zeit geschieht oder wenn sie anderswo beendet wurde. Melden Sie sich an, um mit Port {port} fortzufahren.</translation>
    </message>
    <message>
        <source>The server no longer continues it, as happens after some time or when the session was ended elsewhere. Sign in to go on.</source>
        <translation>Der Server setzt sie nicht mehr fort, wie es nach einiger Zeit geschieht oder wenn sie anderswo beendet wurde. Melden Sie sich an, um fortzufahren.</translation>
    </message>
    <message>
        <source>The server knows the account and does not allow this. It says: &quot;{said}&quot;</source>
        <translation>Der Server kennt das Konto und erlaubt dies nicht. Er sagt: &quot;{said}&quot;</translation>
    </message>
    <message>
        <source>The server knows the account and does not allow this.</source>
        <translation>Der Server kennt das Konto und erlaubt dies nicht.</translation>
    </message>
    <message>
        <source>The server takes accounts of certain Slack workspaces only, and this account&apos;s is not one of them.</source>
        <translation>Der Server nimmt nur Konten bestimmter Slack-Arbeitsbereiche, und das Konto gehört zu keinem davon.</translation>
    </message>
    <message>
        <source>The browser is signed in to Slack with another e-mail address than the one given here. Use the same in both places.</source>
        <translation>Der Browser ist bei Slack mit einer anderen E-Mail-Adresse angemeldet als der hier angegebenen. Benutzen Sie an beiden Stellen dieselbe.</translation>
    </message>
    <message>
        <source>The server takes certain e-mail addresses only, and this is not one of them.</source>
        <translation>Der Server nimmt nur bestimmte E-Mail-Adressen, und diese gehört nicht dazu.</translation>
    </message>
    <message>
        <source>Slack says that access was declined in the browser, so nobody was signed in.</source>
        <translation>Slack sagt, dass der Zugriff im Browser abgelehnt wurde; also wurde niemand angemeldet.</translation>
    </message>
    <message>
        <source>The Slack account does not show an e-mail address, and without one the server does not know whose it is.</source>
        <translation>Das Slack-Konto zeigt keine E-Mail-Adresse, und ohne sie weiß der Server nicht, wem es gehört.</translation>
    </message>
    <message>
        <source>Slack did not complete the sign-in that the server asked for. This usually passes within minutes.</source>
        <translation>Slack hat die Anmeldung nicht abgeschlossen, um die der Server bat. Das vergeht meist nach Minuten.</translation>
    </message>
    <message>
        <source>Slack took the sign-in but did not tell the server whose account it is. This usually passes within minutes.</source>
        <translation>Slack nahm die Anmeldung an, sagte dem Server aber nicht, wessen Konto es ist. Das vergeht meist nach Minuten.</translation>
    </message>
    <message>
        <source>The server does not know this sign-in. It may have been restarted meanwhile.</source>
        <translation>Der Server kennt diese Anmeldung nicht. Vielleicht wurde er inzwischen neu gestartet.</translation>
    </message>
    <message>
        <source>It took longer in the browser than the server waits.</source>
        <translation>Im Browser dauerte es länger, als der Server wartet.</translation>
    </message>
    <message>
        <source>The page in the browser was opened a second time; it works only once.</source>
        <translation>Die Seite im Browser wurde ein zweites Mal geöffnet; sie gilt nur einmal.</translation>
    </message>
    <message>
        <source>The browser came back without what the server needs to go on.</source>
        <translation>Der Browser kam ohne das zurück, was der Server zum Fortfahren braucht.</translation>
    </message>
    <message>
        <source>The server does not know the code with which the sign-in was to be completed.</source>
        <translation>Der Server kennt den Code nicht, mit dem die Anmeldung abgeschlossen werden sollte.</translation>
    </message>
    <message>
        <source>The code with which it was to be completed had been used already.</source>
        <translation>Der Code, mit dem sie abgeschlossen werden sollte, war schon benutzt.</translation>
    </message>
    <message>
        <source>The code with which it was to be completed was no longer fresh.</source>
        <translation>Der Code, mit dem sie abgeschlossen werden sollte, war nicht mehr frisch.</translation>
    </message>
    <message>
        <source>The server could not confirm that it was begun on this computer.</source>
        <translation>Der Server konnte nicht bestätigen, dass sie auf diesem Computer begonnen wurde.</translation>
    </message>
    <message>
        <source>The account it belongs to no longer exists on the server.</source>
        <translation>Das Konto, zu dem sie gehört, gibt es auf dem Server nicht mehr.</translation>
    </message>
    <message>
        <source>This system offers no keyring, the place where passwords are kept encrypted. Without one you are signed in until TunnelDesk ends.</source>
        <translation>Dieses System bietet keinen Schlüsselbund, den Ort für verschlüsselte Passwörter. Ohne einen sind Sie angemeldet, bis TunnelDesk endet.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring is locked or does not answer. Unlock it and try again, or stay signed in until TunnelDesk ends.</source>
        <translation>Der Schlüsselbund des Systems ist gesperrt oder antwortet nicht. Entsperren Sie ihn und versuchen Sie es erneut, oder bleiben Sie angemeldet, bis TunnelDesk endet.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring refused. Allow it when the system asks, or stay signed in until TunnelDesk ends.</source>
        <translation>Der Schlüsselbund des Systems hat abgelehnt. Erlauben Sie es, wenn das System fragt, oder bleiben Sie angemeldet, bis TunnelDesk endet.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Use another account</source>
        <translation>Anderes Konto benutzen</translation>
    </message>
    <message>
        <source>Edit...</source>
        <translation>Bearbeiten ...</translation>
    </message>
    <message>
        <source>Change port</source>
        <translation>Port ändern</translation>
    </message>
    <message>
        <source>Change name</source>
        <translation>Namen ändern</translation>
    </message>
    <message>
        <source>Choose a name</source>
        <translation>Einen Namen wählen</translation>
    </message>
    <message>
        <source>Try &quot;{next_slug}&quot;</source>
        <translation>&quot;{next_slug}&quot; versuchen</translation>
    </message>
    <message>
        <source>Use a random name</source>
        <translation>Zufälligen Namen nehmen</translation>
    </message>
    <message>
        <source>Stop a tunnel...</source>
        <translation>Einen Tunnel beenden ...</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Check server address</source>
        <translation>Serveradresse prüfen</translation>
    </message>
    <message>
        <source>Choose certificate...</source>
        <translation>Zertifikat wählen ...</translation>
    </message>
    <message>
        <source>Download it</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Open the release page</source>
        <translation>Veröffentlichungsseite öffnen</translation>
    </message>
    <message>
        <source>Choose file...</source>
        <translation>Datei auswählen ...</translation>
    </message>
    <message>
        <source>Show log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <source>Only for this session</source>
        <translation>Nur für diese Sitzung</translation>
    </message>
    <message>
        <source>Expose again</source>
        <translation>Erneut freigeben</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>Can&apos;t reach {server}</source>
        <translation>{server} ist nicht erreichbar</translation>
    </message>
    <message>
        <source>Can&apos;t reach the server</source>
        <translation>Der Server ist nicht erreichbar</translation>
    </message>
    <message>
        <source>cloudflared is needed</source>
        <translation>cloudflared wird gebraucht</translation>
    </message>
    <message>
        <source>Connected to the server, but not to Cloudflare</source>
        <translation>Mit dem Server verbunden, aber nicht mit Cloudflare</translation>
    </message>
    <message>
        <source>That is not a TunnelDesk server</source>
        <translation>Das ist kein TunnelDesk-Server</translation>
    </message>
    <message>
        <source>Something answers at {server}, but not the way a tunnel server does. It may be another website, a proxy in between, or the sign-in page of the network you are in.</source>
        <translation>Unter {server} antwortet etwas, aber nicht wie ein Tunnelserver. Es kann eine andere Website sein, ein Proxy dazwischen oder die Anmeldeseite des Netzes, in dem Sie sind.</translation>
    </message>
    <message>
        <source>Something answers there, but not the way a tunnel server does. It may be another website, a proxy in between, or the sign-in page of the network you are in.</source>
        <translation>Dort antwortet etwas, aber nicht wie ein Tunnelserver. Es kann eine andere Website sein, ein Proxy dazwischen oder die Anmeldeseite des Netzes, in dem Sie sind.</translation>
    </message>
    <message>
        <source>That server address can&apos;t be used</source>
        <translation>Diese Serveradresse ist nicht verwendbar</translation>
    </message>
    <message>
        <source>A server address looks like https://api.example.com.</source>
        <translation>Eine Serveradresse sieht aus wie https://api.example.com.</translation>
    </message>
    <message>
        <source>That link can&apos;t be followed</source>
        <translation>Diesem Link kann nicht gefolgt werden</translation>
    </message>
    <message>
        <source>A link of TunnelDesk looks like tunneldesk://expose?port=3000&amp;name=my-app.</source>
        <translation>Ein Link von TunnelDesk sieht aus wie tunneldesk://expose?port=3000&amp;name=my-app.</translation>
    </message>
    <message>
        <source>Its name could not be looked up: this computer is offline, or the address is misspelt. Without the server, port {port} can&apos;t be exposed or kept exposed.</source>
        <translation>Der Name ließ sich nicht auflösen: Dieser Computer ist offline, oder die Adresse ist falsch geschrieben. Ohne den Server kann Port {port} weder freigegeben werden noch es bleiben.</translation>
    </message>
    <message>
        <source>Its name could not be looked up: this computer is offline, or the address is misspelt.</source>
        <translation>Der Name ließ sich nicht auflösen: Dieser Computer ist offline, oder die Adresse ist falsch geschrieben.</translation>
    </message>
    <message>
        <source>The machine is there, but nothing takes the connection: the server is down, or listens on another port. Without it, port {port} can&apos;t be exposed or kept exposed.</source>
        <translation>Den Rechner gibt es, aber nichts nimmt die Verbindung an: Der Server läuft nicht oder lauscht auf einem anderen Port. Ohne ihn kann Port {port} weder freigegeben werden noch es bleiben.</translation>
    </message>
    <message>
        <source>The machine is there, but nothing takes the connection: the server is down, or listens on another port.</source>
        <translation>Den Rechner gibt es, aber nichts nimmt die Verbindung an: Der Server läuft nicht oder lauscht auf einem anderen Port.</translation>
    </message>
    <message>
        <source>A secure connection could not be made: its certificate has expired, is for another name, or comes from an issuer this computer does not trust. Nothing was sent, and port {port} is not exposed without it.</source>
        <translation>Eine sichere Verbindung kam nicht zustande: Das Zertifikat ist abgelaufen, gilt für einen anderen Namen oder stammt von einem Aussteller, dem dieser Computer nicht vertraut. Gesendet wurde nichts, und ohne sie wird Port {port} nicht freigegeben.</translation>
    </message>
    <message>
        <source>A secure connection could not be made: its certificate has expired, is for another name, or comes from an issuer this computer does not trust. Nothing was sent.</source>
        <translation>Eine sichere Verbindung kam nicht zustande: Das Zertifikat ist abgelaufen, gilt für einen anderen Namen oder stammt von einem Aussteller, dem dieser Computer nicht vertraut. Gesendet wurde nichts.</translation>
    </message>
    <message>
        <source>No answer came in time: the network is slow, a firewall drops the traffic, or the server hangs. Without it, port {port} can&apos;t be exposed or kept exposed.</source>
        <translation>Es kam keine rechtzeitige Antwort: Das Netz ist langsam, eine Firewall verwirft den Verkehr, oder der Server hängt. Ohne ihn kann Port {port} weder freigegeben werden noch es bleiben.</translation>
    </message>
    <message>
        <source>No answer came in time: the network is slow, a firewall drops the traffic, or the server hangs.</source>
        <translation>Es kam keine rechtzeitige Antwort: Das Netz ist langsam, eine Firewall verwirft den Verkehr, oder der Server hängt.</translation>
    </message>
    <message>
        <source>The connection broke off before the answer was complete. Without the server, port {port} can&apos;t be exposed or kept exposed.</source>
        <translation>Die Verbindung brach ab, bevor die Antwort vollständig war. Ohne den Server kann Port {port} weder freigegeben werden noch es bleiben.</translation>
    </message>
    <message>
        <source>The connection broke off before the answer was complete.</source>
        <translation>Die Verbindung brach ab, bevor die Antwort vollständig war.</translation>
    </message>
    <message>
        <source>It is the program that carries the traffic between Cloudflare and port {port}, and it was not found on this computer. Nothing was created on the server.</source>
        <translation>Das Programm trägt den Verkehr zwischen Cloudflare und Port {port} und wurde auf diesem Computer nicht gefunden. Auf dem Server wurde nichts angelegt.</translation>
    </message>
    <message>
        <source>It is the program that carries the traffic between Cloudflare and your port, and it was not found on this computer.</source>
        <translation>Das Programm trägt den Verkehr zwischen Cloudflare und Ihrem Port und wurde auf diesem Computer nicht gefunden.</translation>
    </message>
    <message>
        <source>The one on this computer is too old to be used. {own}</source>
        <translation>Das auf diesem Computer ist zu alt. {own}</translation>
    </message>
    <message>
        <source>The one on this computer can&apos;t be started. {own}</source>
        <translation>Das auf diesem Computer lässt sich nicht starten. {own}</translation>
    </message>
    <message>
        <source>The one on this computer was made for another kind of processor or system. {own}</source>
        <translation>Das auf diesem Computer ist für eine andere Art von Prozessor oder System. {own}</translation>
    </message>
    <message>
        <source>{own} Nothing of it was kept, and what was there before still is.</source>
        <translation>{own} Nichts davon wurde behalten, und was vorher da war, ist noch da.</translation>
    </message>
    <message>
        <source>TunnelDesk downloads only what it can verify. {own} Get the file for this computer there, then choose it here.</source>
        <translation>TunnelDesk lädt nur, was es prüfen kann. {own} Holen Sie dort die Datei für diesen Computer, und wählen Sie sie dann hier aus.</translation>
    </message>
    <message>
        <source>{own} TunnelDesk goes on without what was in it.</source>
        <translation>{own} TunnelDesk macht ohne ihren Inhalt weiter.</translation>
    </message>
    <message>
        <source>{own} What it held before is still there. What runs goes on, but the next start may not know of the latest changes.</source>
        <translation>{own} Was vorher darin stand, ist noch da. Was läuft, läuft weiter, aber der nächste Start kennt die letzten Änderungen vielleicht nicht.</translation>
    </message>
    <message>
        <source>The one on this computer is too old to be used.</source>
        <translation>Das auf diesem Computer ist zu alt.</translation>
    </message>
    <message>
        <source>The one on this computer can&apos;t be started: it is not a program, or may not be run.</source>
        <translation>Das auf diesem Computer lässt sich nicht starten: Es ist kein Programm oder darf nicht ausgeführt werden.</translation>
    </message>
    <message>
        <source>The one on this computer was made for another kind of processor or system.</source>
        <translation>Das auf diesem Computer ist für eine andere Art von Prozessor oder System.</translation>
    </message>
    <message>
        <source>cloudflared could not be downloaded</source>
        <translation>cloudflared konnte nicht heruntergeladen werden</translation>
    </message>
    <message>
        <source>Nothing of it was kept, and what was there before still is.</source>
        <translation>Nichts davon wurde behalten, und was vorher da war, ist noch da.</translation>
    </message>
    <message>
        <source>The download was not the cloudflared it should be</source>
        <translation>Heruntergeladen wurde nicht das richtige cloudflared</translation>
    </message>
    <message>
        <source>What came is not what was meant to come: the sign-in page of a network, a file cut short, or one that somebody has changed. It was thrown away and never run.</source>
        <translation>Was kam, ist nicht das, was kommen sollte: die Anmeldeseite eines Netzes, eine abgeschnittene Datei oder eine, die jemand verändert hat. Es wurde weggeworfen und nie ausgeführt.</translation>
    </message>
    <message>
        <source>cloudflared has to be fetched by hand</source>
        <translation>cloudflared muss von Hand geholt werden</translation>
    </message>
    <message>
        <source>TunnelDesk downloads only what it can verify, and knows of no file for this computer. Get it from the release page, then choose it here.</source>
        <translation>TunnelDesk lädt nur, was es prüfen kann, und kennt keine Datei für diesen Computer. Holen Sie sie von der Veröffentlichungsseite, und wählen Sie sie dann hier aus.</translation>
    </message>
    <message>
        <source>The connector was turned away: the token that the server gave for port {port} is not accepted. Trying again gets a new one.</source>
        <translation>Der Connector wurde abgewiesen: Das Token, das der Server für Port {port} gab, wird nicht angenommen. Ein neuer Versuch holt ein neues.</translation>
    </message>
    <message>
        <source>The connector was turned away: the token that the server gave is not accepted. Trying again gets a new one.</source>
        <translation>Der Connector wurde abgewiesen: Das Token, das der Server gab, wird nicht angenommen. Ein neuer Versuch holt ein neues.</translation>
    </message>
    <message>
        <source>The connector ends again and again as soon as it is started, so port {port} is not exposed. Its log says why.</source>
        <translation>Der Connector endet immer wieder gleich nach dem Start, also ist Port {port} nicht freigegeben. Sein Protokoll sagt, warum.</translation>
    </message>
    <message>
        <source>The connector ends again and again as soon as it is started. Its log says why.</source>
        <translation>Der Connector endet immer wieder gleich nach dem Start. Sein Protokoll sagt, warum.</translation>
    </message>
    <message>
        <source>The connector runs but gets no connection, so port {port} is not exposed. Often a firewall blocks outgoing port 7844, which cloudflared needs.</source>
        <translation>Der Connector läuft, bekommt aber keine Verbindung, also ist Port {port} nicht freigegeben. Oft sperrt eine Firewall den ausgehenden Port 7844, den cloudflared braucht.</translation>
    </message>
    <message>
        <source>The connector runs but gets no connection. Often a firewall blocks outgoing port 7844, which cloudflared needs.</source>
        <translation>Der Connector läuft, bekommt aber keine Verbindung. Oft sperrt eine Firewall den ausgehenden Port 7844, den cloudflared braucht.</translation>
    </message>
    <message>
        <source>Nothing answers on localhost:{port}</source>
        <translation>Auf localhost:{port} antwortet nichts</translation>
    </message>
    <message>
        <source>Nothing answers on your port</source>
        <translation>Auf Ihrem Port antwortet nichts</translation>
    </message>
    <message>
        <source>The tunnel stays up, and visitors see an error page until your service is started.</source>
        <translation>Der Tunnel bleibt bestehen, und Besucher sehen eine Fehlerseite, bis Ihr Dienst gestartet ist.</translation>
    </message>
    <message>
        <source>A file of TunnelDesk was damaged</source>
        <translation>Eine Datei von TunnelDesk war beschädigt</translation>
    </message>
    <message>
        <source>It is kept under another name, and TunnelDesk goes on without what was in it.</source>
        <translation>Sie ist unter einem anderen Namen aufgehoben, und TunnelDesk macht ohne ihren Inhalt weiter.</translation>
    </message>
    <message>
        <source>A file of TunnelDesk could not be written</source>
        <translation>Eine Datei von TunnelDesk konnte nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The disk is full, or TunnelDesk may not write there. What it held before is still there. What runs goes on, but the next start may not know of the latest changes.</source>
        <translation>Der Datenträger ist voll, oder TunnelDesk darf dort nicht schreiben. Was vorher darin stand, ist noch da. Was läuft, läuft weiter, aber der nächste Start kennt die letzten Änderungen vielleicht nicht.</translation>
    </message>
    <message>
        <source>The server on this computer did not start</source>
        <translation>Der Server auf diesem Computer ist nicht gestartet</translation>
    </message>
    <message>
        <source>{own} It is needed to try TunnelDesk without an account, so nothing can be exposed with it.</source>
        <translation>{own} Er wird gebraucht, um TunnelDesk ohne Konto zu probieren, also kann damit nichts freigegeben werden.</translation>
    </message>
    <message>
        <source>It is needed to try TunnelDesk without an account, so nothing can be exposed with it. It says: &quot;{said}&quot;</source>
        <translation>Er wird gebraucht, um TunnelDesk ohne Konto zu probieren, also kann damit nichts freigegeben werden. Er sagt: &quot;{said}&quot;</translation>
    </message>
    <message>
        <source>It is needed to try TunnelDesk without an account, so nothing can be exposed with it.</source>
        <translation>Er wird gebraucht, um TunnelDesk ohne Konto zu probieren, also kann damit nichts freigegeben werden.</translation>
    </message>
    <message>
        <source>Something unexpected happened</source>
        <translation>Etwas Unerwartetes ist geschehen</translation>
    </message>
    <message>
        <source>This is a fault in TunnelDesk itself, and its details help to mend it. It says: &quot;{said}&quot;</source>
        <translation>Das ist ein Fehler in TunnelDesk selbst, und seine Details helfen, ihn zu beheben. Er sagt: &quot;{said}&quot;</translation>
    </message>
    <message>
        <source>This is a fault in TunnelDesk itself, and its details help to mend it.</source>
        <translation>Das ist ein Fehler in TunnelDesk selbst, und seine Details helfen, ihn zu beheben.</translation>
    </message>
    <message>
        <source>That can&apos;t be used</source>
        <translation>Das ist nicht verwendbar</translation>
    </message>
    <message>
        <source>What was entered can&apos;t be used, so nothing was sent to the server.</source>
        <translation>Die Eingabe ist nicht verwendbar, also wurde nichts an den Server gesendet.</translation>
    </message>
    <message>
        <source>All {max} tunnels are in use</source>
        <translation>Alle {max} Tunnel sind benutzt</translation>
    </message>
    <message>
        <source>All tunnels are in use</source>
        <translation>Alle Tunnel sind benutzt</translation>
    </message>
    <message>
        <source>Your account may have {max} tunnels at a time, and it has them. Port {port} can be exposed once one of them is stopped.</source>
        <translation>Ihr Konto darf {max} Tunnel zugleich haben, und die hat es. Port {port} kann freigegeben werden, sobald einer davon beendet ist.</translation>
    </message>
    <message>
        <source>Your account has as many tunnels as it may have at a time. There is room again once one of them is stopped.</source>
        <translation>Ihr Konto hat so viele Tunnel, wie es zugleich haben darf. Platz ist wieder, sobald einer davon beendet ist.</translation>
    </message>
    <message>
        <source>The server refused the request</source>
        <translation>Der Server hat die Anfrage abgelehnt</translation>
    </message>
    <message>
        <source>It gave a reason that this version of TunnelDesk does not know. It says: &quot;{said}&quot;</source>
        <translation>Er nannte einen Grund, den diese Version von TunnelDesk nicht kennt. Er sagt: &quot;{said}&quot;</translation>
    </message>
    <message>
        <source>It gave no reason that this version of TunnelDesk knows.</source>
        <translation>Er nannte keinen Grund, den diese Version von TunnelDesk kennt.</translation>
    </message>
    <message>
        <source>The server could not read the request</source>
        <translation>Der Server konnte die Anfrage nicht lesen</translation>
    </message>
    <message>
        <source>{server} found a mistake in what was asked for port {port}, so nothing was created. It says: &quot;{said}&quot;</source>
        <translation>{server} fand einen Fehler in dem, was für Port {port} verlangt wurde, also wurde nichts angelegt. Er sagt: &quot;{said}&quot;</translation>
    </message>
    <message>
        <source>It found a mistake in what was asked of it, and changed nothing.</source>
        <translation>Er fand einen Fehler in dem, was verlangt wurde, und änderte nichts.</translation>
    </message>
    <message>
        <source>Port {port} can&apos;t be exposed</source>
        <translation>Port {port} kann nicht freigegeben werden</translation>
    </message>
    <message>
        <source>That port can&apos;t be exposed</source>
        <translation>Dieser Port kann nicht freigegeben werden</translation>
    </message>
    <message>
        <source>A port is a whole number from 1 to 65535, and the server does not take this one. It says: &quot;{said}&quot;</source>
        <translation>Ein Port ist eine ganze Zahl von 1 bis 65535, und diesen nimmt der Server nicht. Er sagt: &quot;{said}&quot;</translation>
    </message>
    <message>
        <source>A port is a whole number from 1 to 65535, and the server does not take this one.</source>
        <translation>Ein Port ist eine ganze Zahl von 1 bis 65535, und diesen nimmt der Server nicht.</translation>
    </message>
    <message>
        <source>&quot;{slug}&quot; can&apos;t be used as a name</source>
        <translation>&quot;{slug}&quot; ist als Name nicht verwendbar</translation>
    </message>
    <message>
        <source>That can&apos;t be used as a name</source>
        <translation>Das ist als Name nicht verwendbar</translation>
    </message>
    <message>
        <source>A name has 1 to 32 lower-case letters, digits and hyphens, and no hyphen at either end. Some servers keep certain names for themselves. This one says: &quot;{said}&quot;</source>
        <translation>Ein Name hat 1 bis 32 Kleinbuchstaben, Ziffern und Bindestriche, und keinen Bindestrich am Anfang oder Ende. Manche Server behalten bestimmte Namen für sich. Dieser sagt: &quot;{said}&quot;</translation>
    </message>
    <message>
        <source>A name has 1 to 32 lower-case letters, digits and hyphens, and no hyphen at either end. Some servers keep certain names for themselves.</source>
        <translation>Ein Name hat 1 bis 32 Kleinbuchstaben, Ziffern und Bindestriche, und keinen Bindestrich am Anfang oder Ende. Manche Server behalten bestimmte Namen für sich.</translation>
    </message>
    <message>
        <source>&quot;{slug}&quot; is taken</source>
        <translation>&quot;{slug}&quot; ist vergeben</translation>
    </message>
    <message>
        <source>That name is taken</source>
        <translation>Dieser Name ist vergeben</translation>
    </message>
    <message>
        <source>Another tunnel has this name at the moment, perhaps one of your own. Port {port} can be exposed under another name at once, or under this one when it is free again.</source>
        <translation>Ein anderer Tunnel hat diesen Namen gerade, vielleicht einer von Ihren. Port {port} kann gleich unter einem anderen Namen freigegeben werden oder unter diesem, wenn er wieder frei ist.</translation>
    </message>
    <message>
        <source>Another tunnel has this name at the moment, perhaps one of your own. Other names can be used at once.</source>
        <translation>Ein anderer Tunnel hat diesen Namen gerade, vielleicht einer von Ihren. Andere Namen sind gleich verwendbar.</translation>
    </message>
    <message>
        <source>The server found no free name</source>
        <translation>Der Server fand keinen freien Namen</translation>
    </message>
    <message>
        <source>It tried several random names for port {port}, and each was taken. Another attempt often succeeds; a name of your own is not left to chance.</source>
        <translation>Er versuchte mehrere zufällige Namen für Port {port}, und jeder war vergeben. Ein weiterer Versuch gelingt oft; ein eigener Name hängt nicht vom Zufall ab.</translation>
    </message>
    <message>
        <source>It tried several random names, and each was taken. Another attempt often succeeds; a name of your own is not left to chance.</source>
        <translation>Er versuchte mehrere zufällige Namen, und jeder war vergeben. Ein weiterer Versuch gelingt oft; ein eigener Name hängt nicht vom Zufall ab.</translation>
    </message>
    <message>
        <source>The server no longer has &quot;{slug}&quot;</source>
        <translation>Der Server hat &quot;{slug}&quot; nicht mehr</translation>
    </message>
    <message>
        <source>The server no longer has that tunnel</source>
        <translation>Der Server hat diesen Tunnel nicht mehr</translation>
    </message>
    <message>
        <source>Its lease ran out, or it was stopped already.</source>
        <translation>Die Lease lief ab, oder er war schon beendet.</translation>
    </message>
    <message>
        <source>Stopping: the server waits for connections to drain</source>
        <translation>Wird beendet: Der Server wartet auf offene Verbindungen</translation>
    </message>
    <message>
        <source>The server has taken the order to stop and carries it out when the last visitors are gone. There is nothing left to do here.</source>
        <translation>Der Server hat den Auftrag zum Beenden angenommen und führt ihn aus, wenn die letzten Besucher fort sind. Hier ist nichts mehr zu tun.</translation>
    </message>
    <message>
        <source>Cloudflare refused; the server will retry</source>
        <translation>Cloudflare hat abgelehnt; der Server versucht es wieder</translation>
    </message>
    <message>
        <source>The tunnel no longer runs. The server could not remove it at Cloudflare yet, so the name &quot;{slug}&quot; may stay taken for a while.</source>
        <translation>Der Tunnel läuft nicht mehr. Der Server konnte ihn bei Cloudflare noch nicht entfernen, daher kann der Name &quot;{slug}&quot; noch eine Weile vergeben sein.</translation>
    </message>
    <message>
        <source>The tunnel no longer runs. The server could not remove it at Cloudflare yet, so its name may stay taken for a while.</source>
        <translation>Der Tunnel läuft nicht mehr. Der Server konnte ihn bei Cloudflare noch nicht entfernen, daher kann sein Name noch eine Weile vergeben sein.</translation>
    </message>
    <message>
        <source>The tunnel no longer runs. The server could not remove the DNS record of &quot;{slug}&quot; yet, so the address may show an error page for a while.</source>
        <translation>Der Tunnel läuft nicht mehr. Der Server konnte den DNS-Eintrag von &quot;{slug}&quot; noch nicht entfernen, daher kann die Adresse noch eine Weile eine Fehlerseite zeigen.</translation>
    </message>
    <message>
        <source>The tunnel no longer runs. The server could not remove its DNS record yet, so the address may show an error page for a while.</source>
        <translation>Der Tunnel läuft nicht mehr. Der Server konnte seinen DNS-Eintrag noch nicht entfernen, daher kann die Adresse noch eine Weile eine Fehlerseite zeigen.</translation>
    </message>
    <message>
        <source>The server could not get from Cloudflare what port {port} needs. Such trouble usually passes within minutes; asking again does no harm.</source>
        <translation>Der Server bekam von Cloudflare nicht, was Port {port} braucht. Das vergeht meist nach Minuten; noch einmal zu fragen schadet nicht.</translation>
    </message>
    <message>
        <source>The server could not get from Cloudflare what it needs. Such trouble usually passes within minutes; asking again does no harm.</source>
        <translation>Der Server bekam von Cloudflare nicht, was er braucht. Das vergeht meist nach Minuten; noch einmal zu fragen schadet nicht.</translation>
    </message>
    <message>
        <source>Too many requests for now</source>
        <translation>Vorerst zu viele Anfragen</translation>
    </message>
    <message>
        <source>The server takes a certain number of requests a minute from each account, and this account has used them up. It takes more in {wait}.</source>
        <translation>Der Server nimmt von jedem Konto eine bestimmte Zahl von Anfragen in der Minute, und dieses hat sie verbraucht. In {wait} nimmt er wieder welche.</translation>
    </message>
    <message>
        <source>The server takes a certain number of requests a minute from each account, and this account has used them up. It takes more within a minute.</source>
        <translation>Der Server nimmt von jedem Konto eine bestimmte Zahl von Anfragen in der Minute, und dieses hat sie verbraucht. Binnen einer Minute nimmt er wieder welche.</translation>
    </message>
    <message>
        <source>The server has a problem</source>
        <translation>Der Server hat ein Problem</translation>
    </message>
    <message>
        <source>{server} answered with an error of its own (HTTP {status}). Port {port} and this computer have nothing to do with it, and it may pass by itself.</source>
        <translation>{server} antwortete mit einem eigenen Fehler (HTTP {status}). Port {port} und dieser Computer haben nichts damit zu tun, und es kann von selbst vergehen.</translation>
    </message>
    <message>
        <source>It answered with an error of its own. This computer has nothing to do with it, and it may pass by itself.</source>
        <translation>Er antwortete mit einem eigenen Fehler. Dieser Computer hat nichts damit zu tun, und es kann von selbst vergehen.</translation>
    </message>
    <message>
        <source>&quot;{slug}&quot; keeps getting lost</source>
        <translation>&quot;{slug}&quot; geht immer wieder verloren</translation>
    </message>
    <message>
        <source>The tunnel keeps getting lost</source>
        <translation>Der Tunnel geht immer wieder verloren</translation>
    </message>
    <message>
        <source>The server forgot the tunnel of port {port} again and again, although it was created anew each time. It is not created once more by itself.</source>
        <translation>Der Server vergaß den Tunnel von Port {port} immer wieder, obwohl er jedes Mal neu angelegt wurde. Von selbst wird er nicht noch einmal angelegt.</translation>
    </message>
    <message>
        <source>The server forgot the tunnel again and again, although it was created anew each time. It is not created once more by itself.</source>
        <translation>Der Server vergaß den Tunnel immer wieder, obwohl er jedes Mal neu angelegt wurde. Von selbst wird er nicht noch einmal angelegt.</translation>
    </message>
    <message>
        <source>&quot;{slug}&quot; was stopped elsewhere</source>
        <translation>&quot;{slug}&quot; wurde anderswo beendet</translation>
    </message>
    <message>
        <source>The tunnel was stopped elsewhere</source>
        <translation>Der Tunnel wurde anderswo beendet</translation>
    </message>
    <message>
        <source>It was stopped on the server while its lease still ran, so somebody did it on purpose. Port {port} is no longer exposed.</source>
        <translation>Er wurde auf dem Server beendet, während seine Lease noch lief; jemand tat es also mit Absicht. Port {port} ist nicht mehr freigegeben.</translation>
    </message>
    <message>
        <source>It was stopped on the server while its lease still ran, so somebody did it on purpose.</source>
        <translation>Er wurde auf dem Server beendet, während seine Lease noch lief; jemand tat es also mit Absicht.</translation>
    </message>
</context>
<context>
    <name>ProblemDialog</name>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>TunnelDesk tries again by itself in {time}.</source>
        <translation>TunnelDesk versucht es in {time} von selbst wieder.</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>Details ausblenden</translation>
    </message>
</context>
<context>
    <name>QrCode</name>
    <message>
        <source>QR code of {address}</source>
        <translation>QR-Code von {address}</translation>
    </message>
</context>
<context>
    <name>QrDialog</name>
    <message>
        <source>QR code</source>
        <translation>QR-Code</translation>
    </message>
    <message>
        <source>This address works on this computer only; a phone can&apos;t open it.</source>
        <translation>Diese Adresse gilt nur auf diesem Computer; ein Telefon kann sie nicht öffnen.</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>QuitDialog</name>
    <message>
        <source>Quit TunnelDesk</source>
        <translation>TunnelDesk beenden</translation>
    </message>
    <message>
        <source>Stop the tunnels and quit?</source>
        <translation>Die Tunnel und TunnelDesk beenden?</translation>
    </message>
    <message>
        <source>Their addresses stop answering: {names}. They are exposed again at the next start.</source>
        <translation>Ihre Adressen antworten dann nicht mehr: {names}. Beim nächsten Start werden sie wieder freigegeben.</translation>
    </message>
    <message>
        <source>Their addresses stop answering: {names}. The next start does not expose them again.</source>
        <translation>Ihre Adressen antworten dann nicht mehr: {names}. Beim nächsten Start werden sie nicht wieder freigegeben.</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>Tunnel und App beenden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>QuotaMeter</name>
    <message>
        <source>Tunnels in use: {quota}</source>
        <translation>Benutzte Tunnel: {quota}</translation>
    </message>
</context>
<context>
    <name>Reason</name>
    <message>
        <source>&quot;{value}&quot; is not a port. A port is a whole number from 1 to 65535.</source>
        <translation>&quot;{value}&quot; ist kein Port. Ein Port ist eine ganze Zahl von 1 bis 65535.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be used as a name. A name is lower-case letters, digits and hyphens, 1 to 32 of them, no hyphen at either end.</source>
        <translation>&quot;{value}&quot; ist als Name nicht verwendbar. Ein Name besteht aus 1 bis 32 Kleinbuchstaben, Ziffern und Bindestrichen, ohne Bindestrich am Anfang oder Ende.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; is not an e-mail address. One looks like you@example.com.</source>
        <translation>&quot;{value}&quot; ist keine E-Mail-Adresse. Eine sieht so aus: sie@example.com.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be a server address: it is not a web address. Write it like https://api.example.com.</source>
        <translation>&quot;{value}&quot; kann keine Serveradresse sein: Es ist keine Webadresse. Schreiben Sie sie wie https://api.example.com.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be a server address: it starts with {scheme}://. Write it like https://api.example.com.</source>
        <translation>&quot;{value}&quot; kann keine Serveradresse sein: Sie beginnt mit {scheme}://. Schreiben Sie sie wie https://api.example.com.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be a server address: it has no host name in it. Write it like https://api.example.com.</source>
        <translation>&quot;{value}&quot; kann keine Serveradresse sein: Es steht kein Hostname darin. Schreiben Sie sie wie https://api.example.com.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be a server address: a user name or password does not belong in it. Sign in instead.</source>
        <translation>&quot;{value}&quot; kann keine Serveradresse sein: Benutzername und Passwort gehören nicht hinein. Melden Sie sich stattdessen an.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be a server address: it goes on after a ? or #. Leave that part out.</source>
        <translation>&quot;{value}&quot; kann keine Serveradresse sein: Nach ? oder # geht sie noch weiter. Lassen Sie diesen Teil weg.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be a server address: plain http:// is for this computer only. Use https://.</source>
        <translation>&quot;{value}&quot; kann keine Serveradresse sein: http:// ohne Verschlüsselung ist nur für diesen Computer. Nehmen Sie https://.</translation>
    </message>
    <message>
        <source>The server named &quot;{value}&quot;, which is not a host name.</source>
        <translation>Der Server nannte &quot;{value}&quot;, und das ist kein Hostname.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be followed: it can&apos;t be read. One looks like tunneldesk://expose?port=3000&amp;name=my-app.</source>
        <translation>&quot;{value}&quot; führt nirgendwohin: Er ist nicht lesbar. Einer sieht so aus: tunneldesk://expose?port=3000&amp;name=my-app.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be followed: it is none of ours. One looks like tunneldesk://expose?port=3000&amp;name=my-app.</source>
        <translation>&quot;{value}&quot; führt nirgendwohin: Er ist keiner von TunnelDesk. Einer sieht so aus: tunneldesk://expose?port=3000&amp;name=my-app.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be followed: exposing a port is all that a link can ask for. One looks like tunneldesk://expose?port=3000&amp;name=my-app.</source>
        <translation>&quot;{value}&quot; führt nirgendwohin: Ein Link kann nur darum bitten, einen Port freizugeben. Einer sieht so aus: tunneldesk://expose?port=3000&amp;name=my-app.</translation>
    </message>
    <message>
        <source>&quot;{value}&quot; can&apos;t be followed: it has to name one port, and one name at most. One looks like tunneldesk://expose?port=3000&amp;name=my-app.</source>
        <translation>&quot;{value}&quot; führt nirgendwohin: Er muss genau einen Port nennen und höchstens einen Namen. Einer sieht so aus: tunneldesk://expose?port=3000&amp;name=my-app.</translation>
    </message>
    <message>
        <source>{path} is damaged. It is kept as {kept}.</source>
        <translation>Die Datei {path} ist beschädigt. Sie ist als {kept} aufgehoben.</translation>
    </message>
    <message>
        <source>{path} is damaged. It is left as it is.</source>
        <translation>Die Datei {path} ist beschädigt. Sie bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>{path} can&apos;t be read: {system}. It is left as it is.</source>
        <translation>Die Datei {path} ist nicht lesbar: {system}. Sie bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>{path} could not be read, so it is not written over.</source>
        <translation>Die Datei {path} war nicht lesbar und wird darum nicht überschrieben.</translation>
    </message>
    <message>
        <source>{path} can&apos;t be written: {system}.</source>
        <translation>{path} ist nicht beschreibbar: {system}.</translation>
    </message>
    <message>
        <source>The folder of TunnelDesk can&apos;t be written: {system}.</source>
        <translation>Der Ordner von TunnelDesk ist nicht beschreibbar: {system}.</translation>
    </message>
    <message>
        <source>Starting at login can&apos;t be changed: {system}.</source>
        <translation>Der Start bei der Anmeldung lässt sich nicht ändern: {system}.</translation>
    </message>
    <message>
        <source>What is to be kept has {length} characters, and the keyring of this system keeps at most {most}.</source>
        <translation>Was aufbewahrt werden soll, hat {length} Zeichen, und der Schlüsselbund dieses Systems nimmt höchstens {most}.</translation>
    </message>
    <message>
        <source>The keyring did not answer within {seconds} s.</source>
        <translation>Der Schlüsselbund hat nicht innerhalb von {seconds} s geantwortet.</translation>
    </message>
    <message>
        <source>It can&apos;t be started in {folder}: {system}.</source>
        <translation>Er lässt sich in {folder} nicht starten: {system}.</translation>
    </message>
    <message>
        <source>The system names a proxy that can&apos;t be used ({scheme}://...). An http:// proxy can.</source>
        <translation>Das System nennt einen Proxy, der sich nicht verwenden lässt ({scheme}://...). Einer mit http:// lässt sich verwenden.</translation>
    </message>
    <message>
        <source>No certificate can be read from {path}: {system}.</source>
        <translation>Aus {path} ist kein Zertifikat lesbar: {system}.</translation>
    </message>
    <message>
        <source>No certificate can be read from {path}: it holds none.</source>
        <translation>Aus {path} ist kein Zertifikat lesbar: Es steht keines darin.</translation>
    </message>
    <message>
        <source>The connection timed out.</source>
        <translation>Die Verbindung kam nicht rechtzeitig zustande.</translation>
    </message>
    <message>
        <source>There was no whole answer within {seconds} s.</source>
        <translation>Innerhalb von {seconds} s kam keine vollständige Antwort.</translation>
    </message>
    <message>
        <source>The connection broke off.</source>
        <translation>Die Verbindung ist abgerissen.</translation>
    </message>
    <message>
        <source>The answer is not HTTP: {system}.</source>
        <translation>Die Antwort ist kein HTTP: {system}.</translation>
    </message>
    <message>
        <source>The server sends us on to another address.</source>
        <translation>Der Server schickt uns zu einer anderen Adresse weiter.</translation>
    </message>
    <message>
        <source>The server sends us on to {target}.</source>
        <translation>Der Server schickt uns zu {target} weiter.</translation>
    </message>
    <message>
        <source>The answer is a web page, not JSON.</source>
        <translation>Die Antwort ist eine Webseite, kein JSON.</translation>
    </message>
    <message>
        <source>The answer is not JSON.</source>
        <translation>Die Antwort ist kein JSON.</translation>
    </message>
    <message>
        <source>The answer is not one of the tunnels API.</source>
        <translation>Die Antwort ist keine der Tunnel-API.</translation>
    </message>
    <message>
        <source>The answer is compressed, though we asked for it plain.</source>
        <translation>Die Antwort ist gepackt, obwohl sie ungepackt verlangt war.</translation>
    </message>
    <message>
        <source>The answer is longer than any of the tunnels API.</source>
        <translation>Die Antwort ist länger als jede der Tunnel-API.</translation>
    </message>
    <message>
        <source>The answer is not a JSON object.</source>
        <translation>Die Antwort ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>The answer is not a list of tunnels.</source>
        <translation>Die Antwort ist keine Liste von Tunneln.</translation>
    </message>
    <message>
        <source>The answer does not say &quot;ok&quot;: true.</source>
        <translation>In der Antwort steht nicht &quot;ok&quot;: true.</translation>
    </message>
    <message>
        <source>There is no tunnels API at this address.</source>
        <translation>Unter dieser Adresse gibt es keine Tunnel-API.</translation>
    </message>
    <message>
        <source>In the answer, &quot;{field}&quot; is missing or not text.</source>
        <translation>In der Antwort fehlt &quot;{field}&quot; oder ist kein Text.</translation>
    </message>
    <message>
        <source>In the answer, &quot;{field}&quot; is missing or not a number.</source>
        <translation>In der Antwort fehlt &quot;{field}&quot; oder ist keine Zahl.</translation>
    </message>
    <message>
        <source>In the answer, &quot;{field}&quot; is not a token.</source>
        <translation>In der Antwort ist &quot;{field}&quot; kein Token.</translation>
    </message>
    <message>
        <source>In the answer, &quot;{field}&quot; is not an identifier.</source>
        <translation>In der Antwort ist &quot;{field}&quot; keine Kennung.</translation>
    </message>
    <message>
        <source>In the answer, &quot;{field}&quot; is not a host name.</source>
        <translation>In der Antwort ist &quot;{field}&quot; kein Hostname.</translation>
    </message>
    <message>
        <source>In the answer, &quot;{field}&quot; is not the address of a web page.</source>
        <translation>In der Antwort ist &quot;{field}&quot; nicht die Adresse einer Webseite.</translation>
    </message>
    <message>
        <source>In the answer, &quot;{field}&quot; is none that we know.</source>
        <translation>In der Antwort ist &quot;{field}&quot; unbekannt.</translation>
    </message>
    <message>
        <source>There is no access token to send.</source>
        <translation>Es gibt kein Zugriffstoken, das gesendet werden könnte.</translation>
    </message>
    <message>
        <source>The access token holds characters that no token has.</source>
        <translation>Das Zugriffstoken enthält Zeichen, die kein Token hat.</translation>
    </message>
    <message>
        <source>There is no tunnel without a name.</source>
        <translation>Einen Tunnel ohne Namen gibt es nicht.</translation>
    </message>
    <message>
        <source>Nothing came from the browser within {minutes} min.</source>
        <translation>Innerhalb von {minutes} min kam nichts aus dem Browser.</translation>
    </message>
    <message>
        <source>There is no cloudflared.</source>
        <translation>Es gibt kein cloudflared.</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>Es gibt keine Datei {path}.</translation>
    </message>
    <message>
        <source>{path} is not executable.</source>
        <translation>{path} ist nicht ausführbar.</translation>
    </message>
    <message>
        <source>{path} can&apos;t be started: {system}.</source>
        <translation>{path} lässt sich nicht starten: {system}.</translation>
    </message>
    <message>
        <source>{path} --version did not end within {seconds} s.</source>
        <translation>{path} --version war nach {seconds} s noch nicht zu Ende.</translation>
    </message>
    <message>
        <source>{path} does not answer as cloudflared does.</source>
        <translation>{path} antwortet nicht so wie cloudflared.</translation>
    </message>
    <message>
        <source>{path} is {version}; {oldest} is the oldest that will do.</source>
        <translation>{path} ist {version}; {oldest} ist die älteste, die genügt.</translation>
    </message>
    <message>
        <source>The tunnel&apos;s token leads to a place other than Cloudflare, which is for servers on this computer only.</source>
        <translation>Das Token des Tunnels führt woandershin als zu Cloudflare, und das ist nur für Server auf diesem Computer.</translation>
    </message>
    <message>
        <source>The connector can&apos;t be started: {system}.</source>
        <translation>Der Connector lässt sich nicht starten: {system}.</translation>
    </message>
    <message>
        <source>cloudflared ended, exit status {status}</source>
        <translation>cloudflared hat sich beendet, Status {status}</translation>
    </message>
    <message>
        <source>cloudflared ended, signal {signal}</source>
        <translation>cloudflared wurde beendet, Signal {signal}</translation>
    </message>
    <message>
        <source>cloudflared {version} for {machine} can&apos;t be verified by TunnelDesk. See its page ({page}).</source>
        <translation>cloudflared {version} für {machine} kann TunnelDesk nicht prüfen. Siehe die Seite dazu ({page}).</translation>
    </message>
    <message>
        <source>{host} did not answer, or stopped in the middle.</source>
        <translation>{host} hat nicht geantwortet oder mittendrin aufgehört.</translation>
    </message>
    <message>
        <source>The connection to {host} failed: {system}.</source>
        <translation>Die Verbindung zu {host} ist gescheitert: {system}.</translation>
    </message>
    <message>
        <source>The connection to {host} failed: its certificate does not hold ({system}).</source>
        <translation>Die Verbindung zu {host} ist gescheitert: Das Zertifikat gilt nicht ({system}).</translation>
    </message>
    <message>
        <source>{address} leads from one address to the next without end.</source>
        <translation>{address} führt ohne Ende von einer Adresse zur nächsten.</translation>
    </message>
    <message>
        <source>{host} answered with HTTP {status}.</source>
        <translation>{host} hat mit HTTP {status} geantwortet.</translation>
    </message>
    <message>
        <source>What {host} sends is too large to be cloudflared.</source>
        <translation>Was {host} sendet, ist zu groß, um cloudflared zu sein.</translation>
    </message>
    <message>
        <source>{host} leads to {target}, which is not a secure address.</source>
        <translation>{host} führt zu {target}, und das ist keine sichere Adresse.</translation>
    </message>
    <message>
        <source>It can&apos;t be put into {folder}: {system}.</source>
        <translation>Es lässt sich nicht in {folder} ablegen: {system}.</translation>
    </message>
    <message>
        <source>{address} has the digest {digest}, and not {wanted}.</source>
        <translation>{address} hat die Prüfsumme {digest} und nicht {wanted}.</translation>
    </message>
    <message>
        <source>The cloudflared that was downloaded does not run in {folder}.</source>
        <translation>Das heruntergeladene cloudflared läuft in {folder} nicht.</translation>
    </message>
    <message>
        <source>The cloudflared that was downloaded is {version}, and not {wanted}.</source>
        <translation>Das heruntergeladene cloudflared ist {version} und nicht {wanted}.</translation>
    </message>
    <message>
        <source>The archive that was downloaded can&apos;t be read.</source>
        <translation>Das heruntergeladene Archiv ist nicht lesbar.</translation>
    </message>
    <message>
        <source>The archive that was downloaded holds no {program}.</source>
        <translation>Im heruntergeladenen Archiv gibt es kein {program}.</translation>
    </message>
    <message>
        <source>{variable} can&apos;t be used.</source>
        <translation>{variable} ist nicht verwendbar.</translation>
    </message>
    <message>
        <source>{variable} takes only a host, such as https://mirror.example.</source>
        <translation>{variable} darf nur einen Host nennen, etwa https://mirror.example.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Mitteilungen</translation>
    </message>
    <message>
        <source>Connector</source>
        <translation>Connector</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Tray icon</source>
        <translation>Symbol im Infobereich</translation>
    </message>
    <message>
        <source>As the theme</source>
        <translation>Wie die Farben</translation>
    </message>
    <message>
        <source>For a light panel</source>
        <translation>Für eine helle Leiste</translation>
    </message>
    <message>
        <source>For a dark panel</source>
        <translation>Für eine dunkle Leiste</translation>
    </message>
    <message>
        <source>Without colours</source>
        <translation>Ohne Farben</translation>
    </message>
    <message>
        <source>Start at login, quietly in the tray</source>
        <translation>Bei der Anmeldung starten, still im Infobereich</translation>
    </message>
    <message>
        <source>Expose the same ports again when TunnelDesk starts</source>
        <translation>Beim Start von TunnelDesk dieselben Ports wieder freigeben</translation>
    </message>
    <message>
        <source>Copy a new address when it is live</source>
        <translation>Eine neue Adresse kopieren, wenn sie online ist</translation>
    </message>
    <message>
        <source>Ask before quitting stops tunnels</source>
        <translation>Fragen, bevor das Beenden Tunnel schließt</translation>
    </message>
    <message>
        <source>Ask before the window closes where there is no tray</source>
        <translation>Fragen, bevor sich das Fenster ohne Infobereich schließt</translation>
    </message>
    <message>
        <source>Look once a day for a newer TunnelDesk, and tell of it</source>
        <translation>Einmal am Tag nach einem neueren TunnelDesk sehen und davon berichten</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>T&amp;ray icon</source>
        <translation>S&amp;ymbol</translation>
    </message>
    <message>
        <source>A tunnel is live</source>
        <translation>Ein Tunnel ist online</translation>
    </message>
    <message>
        <source>A tunnel has lost its connection</source>
        <translation>Ein Tunnel hat die Verbindung verloren</translation>
    </message>
    <message>
        <source>A tunnel is back</source>
        <translation>Ein Tunnel ist wieder da</translation>
    </message>
    <message>
        <source>A tunnel was stopped because its time was up</source>
        <translation>Ein Tunnel wurde beendet, weil seine Zeit um war</translation>
    </message>
    <message>
        <source>Tell me when</source>
        <translation>Mitteilen, wenn</translation>
    </message>
    <message>
        <source>What repairs itself within 10 seconds is not told. Problems that need you always are.</source>
        <translation>Was sich binnen 10 Sekunden selbst behebt, wird nicht mitgeteilt. Probleme, die Sie brauchen, immer.</translation>
    </message>
    <message>
        <source>found by itself</source>
        <translation>wird von selbst gefunden</translation>
    </message>
    <message>
        <source>Path of cloudflared</source>
        <translation>Pfad von cloudflared</translation>
    </message>
    <message>
        <source>Choose...</source>
        <translation>Auswählen ...</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>QUIC, or HTTP/2 where it is blocked</source>
        <translation>QUIC, oder HTTP/2, wo es gesperrt ist</translation>
    </message>
    <message>
        <source>QUIC only</source>
        <translation>Nur QUIC</translation>
    </message>
    <message>
        <source>HTTP/2 only</source>
        <translation>Nur HTTP/2</translation>
    </message>
    <message>
        <source>cloudflare&amp;d</source>
        <translation>cloudflare&amp;d</translation>
    </message>
    <message>
        <source>&amp;Protocol</source>
        <translation>&amp;Protokoll</translation>
    </message>
    <message>
        <source>What is up keeps its protocol until it is restarted.</source>
        <translation>Was schon läuft, behält sein Protokoll bis zum Neustart.</translation>
    </message>
    <message>
        <source>Doctor...</source>
        <translation>Untersuchung ...</translation>
    </message>
    <message>
        <source>Looks at everything the job needs, and says how to mend it.</source>
        <translation>Prüft alles, was nötig ist, und sagt, wie es in Ordnung kommt.</translation>
    </message>
    <message>
        <source>Logs...</source>
        <translation>Protokolle ...</translation>
    </message>
    <message>
        <source>What TunnelDesk and its connectors have done.</source>
        <translation>Was TunnelDesk und seine Connectors getan haben.</translation>
    </message>
    <message>
        <source>Export diagnostics...</source>
        <translation>Diagnose exportieren ...</translation>
    </message>
    <message>
        <source>For somebody who is to help: read it first, nothing is sent.</source>
        <translation>Für jemanden, der helfen soll: erst lesen, gesendet wird nichts.</translation>
    </message>
</context>
<context>
    <name>SignOutDialog</name>
    <message>
        <source>Sign out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>Stop the tunnels and sign out?</source>
        <translation>Tunnel beenden und abmelden?</translation>
    </message>
    <message>
        <source>Tunnels of {who} are up, and their addresses stop answering: {names}.</source>
        <translation>Tunnel von {who} laufen, und ihre Adressen antworten dann nicht mehr: {names}.</translation>
    </message>
    <message>
        <source>Stop and sign out</source>
        <translation>Beenden und abmelden</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>port {port}</source>
        <translation>Port {port}</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Reconnecting</source>
        <translation>Verbindet neu</translation>
    </message>
    <message>
        <source>Reserving name ...</source>
        <translation>Name wird reserviert ...</translation>
    </message>
    <message>
        <source>Starting connector ...</source>
        <translation>Connector startet ...</translation>
    </message>
    <message>
        <source>Connecting ...</source>
        <translation>Verbindet ...</translation>
    </message>
    <message>
        <source>Reserving it again ...</source>
        <translation>Wird neu reserviert ...</translation>
    </message>
    <message>
        <source>Stopping ...</source>
        <translation>Wird beendet ...</translation>
    </message>
    <message>
        <source>Live, service not answering</source>
        <translation>Online, Dienst antwortet nicht</translation>
    </message>
    <message>
        <source>Live, lease not renewed</source>
        <translation>Online, Lease nicht erneuert</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Online</translation>
    </message>
    <message>
        <source>the server refused</source>
        <translation>vom Server abgelehnt</translation>
    </message>
    <message>
        <source>sign in again</source>
        <translation>bitte neu anmelden</translation>
    </message>
    <message>
        <source>server not reachable</source>
        <translation>Server nicht erreichbar</translation>
    </message>
    <message>
        <source>cloudflared is needed</source>
        <translation>cloudflared wird gebraucht</translation>
    </message>
    <message>
        <source>sign-in not stored</source>
        <translation>Anmeldung nicht gespeichert</translation>
    </message>
    <message>
        <source>port refused</source>
        <translation>Port abgelehnt</translation>
    </message>
    <message>
        <source>name refused</source>
        <translation>Name abgelehnt</translation>
    </message>
    <message>
        <source>name taken</source>
        <translation>Name vergeben</translation>
    </message>
    <message>
        <source>all tunnels in use</source>
        <translation>alle Tunnel benutzt</translation>
    </message>
    <message>
        <source>no free name</source>
        <translation>kein freier Name</translation>
    </message>
    <message>
        <source>lease lost</source>
        <translation>Lease verloren</translation>
    </message>
    <message>
        <source>stopped elsewhere</source>
        <translation>anderswo beendet</translation>
    </message>
    <message>
        <source>Cloudflare refused</source>
        <translation>von Cloudflare abgelehnt</translation>
    </message>
    <message>
        <source>too many requests</source>
        <translation>zu viele Anfragen</translation>
    </message>
    <message>
        <source>the server has a problem</source>
        <translation>der Server hat ein Problem</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>nicht erlaubt</translation>
    </message>
    <message>
        <source>not a tunnel server</source>
        <translation>kein Tunnelserver</translation>
    </message>
    <message>
        <source>server address refused</source>
        <translation>Serveradresse abgelehnt</translation>
    </message>
    <message>
        <source>link not understood</source>
        <translation>Link nicht verstanden</translation>
    </message>
    <message>
        <source>server certificate refused</source>
        <translation>Serverzertifikat abgelehnt</translation>
    </message>
    <message>
        <source>connector refused</source>
        <translation>Connector abgewiesen</translation>
    </message>
    <message>
        <source>connector keeps ending</source>
        <translation>Connector endet immer wieder</translation>
    </message>
    <message>
        <source>Cloudflare not reachable</source>
        <translation>Cloudflare nicht erreichbar</translation>
    </message>
    <message>
        <source>nothing answers</source>
        <translation>nichts antwortet</translation>
    </message>
    <message>
        <source>embedded server failed</source>
        <translation>eingebetteter Server fehlgeschlagen</translation>
    </message>
    <message>
        <source>unexpected error</source>
        <translation>unerwarteter Fehler</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Time line</source>
        <translation>Verlauf</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Stop at once</source>
        <translation>Sofort beenden</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>{used} of {max} tunnels in use</source>
        <translation>{used} von {max} Tunneln benutzt</translation>
    </message>
    <message>
        <source>Stopping everything ...</source>
        <translation>Alles wird beendet ...</translation>
    </message>
    <message>
        <source>Stopping everything, {seconds} s at most ...</source>
        <translation>Alles wird beendet, höchstens {seconds} s ...</translation>
    </message>
    <message>
        <source>Starting ...</source>
        <translation>Startet ...</translation>
    </message>
    <message>
        <source>TunnelDesk: {reason}</source>
        <translation>TunnelDesk: {reason}</translation>
    </message>
    <message>
        <source>TunnelDesk: nothing exposed</source>
        <translation>TunnelDesk: nichts freigegeben</translation>
    </message>
    <message>
        <source>{count} live: {names}</source>
        <translation>{count} online: {names}</translation>
    </message>
    <message>
        <source>Stopping {name} ...</source>
        <translation>{name} wird beendet ...</translation>
    </message>
    <message>
        <source>Connecting {name} ...</source>
        <translation>{name} verbindet ...</translation>
    </message>
    <message>
        <source>{name} stopped</source>
        <translation>{name} beendet</translation>
    </message>
    <message>
        <source>{name} stopped: {reason}</source>
        <translation>{name} beendet: {reason}</translation>
    </message>
    <message>
        <source>{name}: reconnecting, address still reserved ({left})</source>
        <translation>{name}: verbindet neu, Adresse noch reserviert ({left})</translation>
    </message>
    <message>
        <source>{name}: {state}</source>
        <translation>{name}: {state}</translation>
    </message>
    <message>
        <source>:{port}  random name</source>
        <translation>:{port}  zufälliger Name</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>Neu starten</translation>
    </message>
</context>
<context>
    <name>TrayMenu</name>
    <message>
        <source>Sign in...</source>
        <translation>Anmelden ...</translation>
    </message>
    <message>
        <source>Expose a port...</source>
        <translation>Port freigeben ...</translation>
    </message>
    <message>
        <source>Expose again</source>
        <translation>Erneut freigeben</translation>
    </message>
    <message>
        <source>Stop all</source>
        <translation>Alle beenden</translation>
    </message>
    <message>
        <source>Open TunnelDesk</source>
        <translation>TunnelDesk öffnen</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <source>Add an account...</source>
        <translation>Konto hinzufügen ...</translation>
    </message>
    <message>
        <source>Sign out...</source>
        <translation>Abmelden ...</translation>
    </message>
    <message>
        <source>Settings...</source>
        <translation>Einstellungen ...</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Doctor...</source>
        <translation>Untersuchung ...</translation>
    </message>
    <message>
        <source>Logs...</source>
        <translation>Protokolle ...</translation>
    </message>
    <message>
        <source>About TunnelDesk</source>
        <translation>Über TunnelDesk</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>TroubleRow</name>
    <message>
        <source>More...</source>
        <translation>Mehr ...</translation>
    </message>
</context>
<context>
    <name>TunnelCard</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Change...</source>
        <translation>Ändern ...</translation>
    </message>
    <message>
        <source>QR code</source>
        <translation>QR-Code</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>Details ausblenden</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>Update</name>
    <message>
        <source>TunnelDesk {new} is available. You have {old}.</source>
        <translation>TunnelDesk {new} ist verfügbar. Sie haben {old}.</translation>
    </message>
</context>
<context>
    <name>UpdateRow</name>
    <message>
        <source>What is new</source>
        <translation>Was ist neu</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Server address</source>
        <translation>Serveradresse</translation>
    </message>
    <message>
        <source>you@example.com</source>
        <translation>sie@example.com</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>E-Mail-Adresse</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Zugriffstoken</translation>
    </message>
    <message>
        <source>Remember it in the system&apos;s keyring</source>
        <translation>Im Schlüsselbund des Systems merken</translation>
    </message>
    <message>
        <source>Use this token</source>
        <translation>Dieses Token benutzen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Jetzt nicht</translation>
    </message>
    <message>
        <source>Try it on this computer</source>
        <translation>Auf diesem Computer probieren</translation>
    </message>
    <message>
        <source>&amp;E-mail</source>
        <translation>&amp;E-Mail</translation>
    </message>
    <message>
        <source>Your browser opens. You stay signed in until you sign out.</source>
        <translation>Ihr Browser öffnet sich. Sie bleiben angemeldet, bis Sie sich abmelden.</translation>
    </message>
    <message>
        <source>or &amp;token</source>
        <translation>oder &amp;Token</translation>
    </message>
    <message>
        <source>&amp;Server</source>
        <translation>&amp;Server</translation>
    </message>
    <message>
        <source>Just trying?</source>
        <translation>Nur probieren?</translation>
    </message>
    <message>
        <source>A server on this computer, without an account: real traffic, reachable from this computer only.</source>
        <translation>Ein Server auf diesem Computer, ohne Konto: echter Verkehr, nur von diesem Computer aus erreichbar.</translation>
    </message>
    <message>
        <source>Your e-mail address tells the server who you are.</source>
        <translation>Ihre E-Mail-Adresse sagt dem Server, wer Sie sind.</translation>
    </message>
    <message>
        <source>Asking ...</source>
        <translation>Frage ...</translation>
    </message>
    <message>
        <source>That is not an access token.</source>
        <translation>Das ist kein Zugriffstoken.</translation>
    </message>
    <message>
        <source>Paste the access token here.</source>
        <translation>Fügen Sie hier das Zugriffstoken ein.</translation>
    </message>
    <message>
        <source>Checking ...</source>
        <translation>Wird geprüft ...</translation>
    </message>
    <message>
        <source>Starting ...</source>
        <translation>Startet ...</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>{used} of {max}</source>
        <translation>{used} von {max}</translation>
    </message>
    <message>
        <source>At {time}</source>
        <translation>Um {time}</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>Neu starten</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>Nur dieser Computer</translation>
    </message>
    <message>
        <source>No server chosen yet</source>
        <translation>Noch kein Server gewählt</translation>
    </message>
    <message>
        <source>No account needed</source>
        <translation>Kein Konto nötig</translation>
    </message>
    <message>
        <source>Starting ...</source>
        <translation>Startet ...</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Nicht angemeldet</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>Angemeldet</translation>
    </message>
    <message>
        <source>Session ended</source>
        <translation>Sitzung beendet</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Neu anmelden</translation>
    </message>
    <message>
        <source>Lease: {left} left</source>
        <translation>Lease: noch {left}</translation>
    </message>
    <message>
        <source>Lease: run out</source>
        <translation>Lease: abgelaufen</translation>
    </message>
    <message>
        <source>Until {time}, says the server</source>
        <translation>Bis {time}, sagt der Server</translation>
    </message>
    <message>
        <source>Next attempt in {left}</source>
        <translation>Nächster Versuch in {left}</translation>
    </message>
    <message>
        <source>Next attempt at {time}</source>
        <translation>Nächster Versuch am {time}</translation>
    </message>
    <message>
        <source>Up {time}</source>
        <translation>Seit {time} online</translation>
    </message>
    <message>
        <source>Stops in {left}</source>
        <translation>Endet in {left}</translation>
    </message>
    <message>
        <source>Up since {time}</source>
        <translation>Online seit {time}</translation>
    </message>
    <message>
        <source>{time}: missed</source>
        <translation>{time}: verpasst</translation>
    </message>
    <message>
        <source>{time}: {ms} ms</source>
        <translation>{time}: {ms} ms</translation>
    </message>
    <message>
        <source>{time}: late, {ms} ms</source>
        <translation>{time}: spät, {ms} ms</translation>
    </message>
    <message>
        <source>creating</source>
        <translation>wird angelegt</translation>
    </message>
    <message>
        <source>active</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>wird beendet</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
</context>
<context>
    <name>_Empty</name>
    <message>
        <source>Expose a port...</source>
        <translation>Port freigeben ...</translation>
    </message>
    <message>
        <source>Sign in...</source>
        <translation>Anmelden ...</translation>
    </message>
    <message>
        <source>Stopping everything ...</source>
        <translation>Alles wird beendet ...</translation>
    </message>
    <message>
        <source>Starting ...</source>
        <translation>Startet ...</translation>
    </message>
    <message>
        <source>Sign in to put a port of this computer on a public address.</source>
        <translation>Melden Sie sich an, um einen Port dieses Computers auf eine öffentliche Adresse zu bringen.</translation>
    </message>
    <message>
        <source>Nothing is exposed. Choose a port, and it gets a public address in seconds.</source>
        <translation>Nichts ist freigegeben. Wählen Sie einen Port, und er bekommt in Sekunden eine öffentliche Adresse.</translation>
    </message>
</context>
<context>
    <name>_Fault</name>
    <message>
        <source>Line to add</source>
        <translation>Einzufügende Zeile</translation>
    </message>
    <message>
        <source>Copy line</source>
        <translation>Zeile kopieren</translation>
    </message>
    <message>
        <source>Trying ...</source>
        <translation>Versuche ...</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>Looking ...</source>
        <translation>Wird geprüft ...</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Benutzen</translation>
    </message>
    <message>
        <source>Use {account}</source>
        <translation>{account} benutzen</translation>
    </message>
    <message>
        <source>Sign in...</source>
        <translation>Anmelden ...</translation>
    </message>
    <message>
        <source>Sign out...</source>
        <translation>Abmelden ...</translation>
    </message>
</context>
<context>
    <name>_TunnelMenu</name>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <source>Show QR code</source>
        <translation>QR-Code zeigen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Change port...</source>
        <translation>Port ändern ...</translation>
    </message>
</context>
</TS>
