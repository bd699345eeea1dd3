; The installer for Windows: for one user, without an administrator's rights.
;
; Made by ../nsis.py, which defines VERSION, VERSION_4 (four numbers), APP_ID, SCHEME, ICON, LICENCE, OUT, SIZE_KB and
; PUT and TAKE, the lists of files that go in and out. SIGN is a command that signs the file after it, where there is one.
;
;   TunnelDesk-1.2.3-setup.exe /S [/AUTOSTART] [/D=C:\folder]     silent; /D is last and takes no quotes
;   uninstall.exe /S                                              silent; what is the user's stays

Unicode true
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestSupportedOS all
RequestExecutionLevel user

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Sections.nsh
!include x64.nsh
!include WinVer.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

!define NAME TunnelDesk
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define RUN_SWITCH_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" ; Task Manager's
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP_ID}"
!define SCHEME_KEY "Software\Classes\${SCHEME}"
!define SHORTCUT "$SMPROGRAMS\${NAME}.lnk"
!define IN_USE 3 ; exit status: it still runs and would not end

Name "${NAME}"
BrandingText "${NAME} ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" InstallLocation

VIProductVersion "${VERSION_4}"
VIFileVersion "${VERSION_4}"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installer of ${NAME}"
VIAddVersionKey CompanyName "The TunnelDesk developers"
VIAddVersionKey LegalCopyright "MIT licence"

!ifdef SIGN
  !finalize '${SIGN} "%1"' = 0
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_COMPONENTSPAGE_NODESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\tunneldeskw.exe"
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
; They are nobody's files, and only the app knows them: `tunneldesk sign-out` forgets one account at a time.
!define MUI_COMPONENTSPAGE_TEXT_TOP "Choose what is to be removed. Sign-ins stay in Windows' Credential Manager: to have them forgotten too, cancel, and sign out in ${NAME} first."
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

; Ends the app in the folder: asked first, which takes its tunnels down in order. Windows lets nobody write into a
; program that runs, and that is how it is known to have ended.
!macro END_APP un
  Function ${un}EndApp
    ${IfNot} ${FileExists} "$INSTDIR\tunneldeskw.exe"
      Return
    ${EndIf}
    DetailPrint "Asking ${NAME} to end ..."
    again:
    ${For} $1 1 10
      ; Each time anew: an app that is only just starting hears nothing yet.
      ExecWait '"$INSTDIR\tunneldeskw.exe" --quit'
      StrCpy $2 yes
      ${For} $3 1 2
        StrCpy $4 "$INSTDIR\tunneldeskw.exe"
        ${If} $3 = 2
          StrCpy $4 "$INSTDIR\tunneldesk.exe"
        ${EndIf}
        ${If} ${FileExists} $4
          ClearErrors
          FileOpen $5 $4 a
          ${If} ${Errors}
            StrCpy $2 no
          ${Else}
            FileClose $5
          ${EndIf}
        ${EndIf}
      ${Next}
      ${If} $2 == yes
        Return
      ${EndIf}
      Sleep 500
    ${Next}
    ; What is left runs in a terminal, and its user is the one to say whether it may end.
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME} is still running, perhaps in a terminal. Please end it there, then try again." /SD IDCANCEL IDRETRY again
    SetErrorLevel ${IN_USE}
    Abort
  FunctionEnd
!macroend
!insertmacro END_APP ""
!insertmacro END_APP "un."

; The shortcut, with the id that the app gives its windows and notifications: only so Windows knows them for one.
Function MakeShortcut
  Push $0
  Push $1
  Push $2
  Push $3
  Push $4
  CreateShortcut "${SHORTCUT}" "$INSTDIR\tunneldeskw.exe" "" "$INSTDIR\tunneldeskw.exe" 0
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '("${SHORTCUT}",${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
      ${If} $2 P<> 0
        System::Call 'Oleaut32::SysAllocString(w "${APP_ID}")p.r5'
        System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r3'
        System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_BSTR},,p r5)p.r4'
        ${IPropertyStore::SetValue} $2 '(r3,r4)'
        ${IPropertyStore::Commit} $2 ""
        System::Call 'Oleaut32::SysFreeString(p r5)'
        System::Free $3
        System::Free $4
        ${IUnknown::Release} $2 ""
        ${IPersistFile::Save} $1 '("${SHORTCUT}",1)'
      ${EndIf}
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
  Pop $4
  Pop $3
  Pop $2
  Pop $1
  Pop $0
FunctionEnd

Section "${NAME}" SEC_APP
  SectionIn RO
  Call EndApp
  ; The version before takes its own files away: it knows which they are. Its settings and choices stay.
  ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    ExecWait '"$INSTDIR\uninstall.exe" /S /UPGRADE _?=$INSTDIR' $0
    ${If} $0 <> 0
      SetErrorLevel $0
      Abort "The version before could not be removed."
    ${EndIf}
  ${EndIf}
  SetOutPath "$INSTDIR"
  !include "${PUT}"
  SetOutPath "$INSTDIR" ; the folder that the shortcut starts it in
  WriteUninstaller "$INSTDIR\uninstall.exe"
  Call MakeShortcut

  WriteRegStr HKCU "${SCHEME_KEY}" "" "URL:${NAME}"
  WriteRegStr HKCU "${SCHEME_KEY}" "URL Protocol" ""
  WriteRegStr HKCU "${SCHEME_KEY}\DefaultIcon" "" '"$INSTDIR\tunneldeskw.exe",0'
  WriteRegStr HKCU "${SCHEME_KEY}\shell\open\command" "" '"$INSTDIR\tunneldeskw.exe" "%1"'

  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayName "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayVersion "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" DisplayIcon '"$INSTDIR\tunneldeskw.exe",0'
  WriteRegStr HKCU "${UNINSTALL_KEY}" Publisher "The TunnelDesk developers"
  WriteRegStr HKCU "${UNINSTALL_KEY}" InstallLocation "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" EstimatedSize ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoModify 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" NoRepair 1
SectionEnd

Section /o "Start with Windows" SEC_AUTOSTART
SectionEnd

; After the sections, since a choice that is taken back has no section that would run.
Section "-choices"
  ${If} ${SectionIsSelected} ${SEC_AUTOSTART}
    WriteRegStr HKCU "${RUN_KEY}" "${APP_ID}" '"$INSTDIR\tunneldeskw.exe"${AUTOSTART_WORDS}'
  ${Else}
    DeleteRegValue HKCU "${RUN_KEY}" "${APP_ID}"
  ${EndIf}
SectionEnd

Function .onInit
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "${NAME} needs Windows 10 or newer, with 64 bits." /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
  ; What was chosen before is the proposal now.
  ReadRegStr $0 HKCU "${RUN_KEY}" "${APP_ID}"
  ${GetParameters} $1
  ClearErrors
  ${GetOptions} $1 "/AUTOSTART" $2
  ${IfNot} ${Errors}
  ${OrIf} $0 != ""
    !insertmacro SelectSection ${SEC_AUTOSTART}
  ${EndIf}
FunctionEnd

Section "un.${NAME}"
  SectionIn RO
  Call un.EndApp
  !include "${TAKE}"
  Delete "$INSTDIR\uninstall.exe"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPGRADE" $1
  ${If} ${Errors}
    Delete "${SHORTCUT}"
    DeleteRegKey HKCU "${SCHEME_KEY}"
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
    DeleteRegValue HKCU "${RUN_KEY}" "${APP_ID}"
    DeleteRegValue HKCU "${RUN_SWITCH_KEY}" "${APP_ID}"
    SetOutPath "$TEMP" ; nobody can remove the folder he is in
    RMDir "$INSTDIR" ; only when it is empty: there may be files that are not ours
  ${EndIf}
SectionEnd

Section /o "un.My settings, logs and downloads" SEC_UN_DATA
  RMDir /r "$LOCALAPPDATA\${APP_ID}"
SectionEnd
