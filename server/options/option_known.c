#include "server/options/option_known.h"

#include <string.h>
#include <strings.h>

#include "base/initialiser.h"
#include "server/options/option_value.h"

#define ROW(kind_, value_, names_)                                             \
	INITIALISER(.kind = OPTION_KNOWN_##kind_,                              \
		.value = OPTION_KNOWN_##value_, .names = names_)
#define NOTED(kind_, value_, names_, note_)                                    \
	INITIALISER(.kind = OPTION_KNOWN_##kind_,                              \
		.value = OPTION_KNOWN_##value_, .names = names_,               \
		.note = note_)
#define UNLESS(kind_, value_, names_, harmless_)                               \
	INITIALISER(.kind = OPTION_KNOWN_##kind_,                              \
		.value = OPTION_KNOWN_##value_, .names = names_,               \
		.harmless = harmless_)
#define HIDDEN(kind_, value_, names_, note_)                                   \
	INITIALISER(.kind = OPTION_KNOWN_##kind_,                              \
		.value = OPTION_KNOWN_##value_, .names = names_,               \
		.note = note_, .secret = true)

static const struct option_known known_table[] = {
	/* x11vnc: display and area */
	ROW(NOT_NEEDED, ONE, "tsd shiftcmap visual freqtab"),
	ROW(NOT_NEEDED, NONE,
		"freeze_when_obscured flashcmap notruecolor overlay "
		"overlay_nocursor overlay_yescursor 24to32 snapfb"),
	ROW(NOT_NEEDED, MAYBE, "advertise_truecolor 8to24"),
	NOTED(OTHER_JOB, NONE, "appshare", "-id shares one window"),
	NOTED(NOT_NEEDED, NONE, "xcomposite noxcomposite",
		"-id uses XComposite, -sid does not"),
	NOTED(NOT_NEEDED, NONE, "noxrandr",
		"the screen's size is always followed"),
	NOTED(NOT_NEEDED, MAYBE, "xrandr",
		"the screen's size is always followed"),
	ROW(OTHER_JOB, ONE, "reflect rawfb pipeinput redirect"),
	ROW(OTHER_JOB, NONE, "rand xvnc_redirect nofb"),
	ROW(PROTECTION, NONE,
		"svc service svc_xdummy svc_xvnc svc_xdummy_xvfb xdmsvc "
		"xdm_service sshxdmsvc"),
	ROW(LATER, NONE, "unixpw_system_greeter"),

	/* x11vnc: ports and network */
	ROW(NOT_NEEDED, NONE, "nolookup"),
	ROW(LATER, ONE, "ssh"),
	ROW(LATER, NONE, "vncconnect novncconnect"),
	NOTED(NOT_NEEDED, NONE, "http http_oneport",
		"the web page is on the VNC port"),
	NOTED(NOT_NEEDED, ONE, "httpport httpportv6",
		"the web page is on the VNC port"),
	NOTED(NOT_NEEDED, NONE, "http_ssl", "the VNC port answers https too"),
	NOTED(NOT_NEEDED, MAYBE, "https httpsredir",
		"the VNC port answers https too"),

	/* x11vnc: passwords, access, TLS */
	ROW(PROTECTION, MAYBE, "unixpw_nis unixpw_unsafe"),
	ROW(PROTECTION, ONE, "unixpw_cmd unixpw_cmd_unsafe"),
	ROW(NOT_NEEDED, NONE, "nounixpw"),
	UNLESS(PROTECTION, ONE, "anontls", "never support"),
	ROW(PROTECTION, ONE, "enc"),
	NOTED(NOT_NEEDED, ONE, "dhparams",
		"keys are exchanged over elliptic curves"),
	NOTED(NOT_NEEDED, ONE, "ssltimeout",
		"-logintimeout bounds the handshake, too"),
	ROW(LATER, NONE, "sslnofail"),
	ROW(OTHER_JOB, MAYBE,
		"sslGenCA sslGenCert sslEncKey sslCertInfo sslDelCert"),
	ROW(OTHER_JOB, NONE, "sslScripts"),
	ROW(NOT_NEEDED, NONE, "safer unsafe privremote nocmds"),
	ROW(NOT_NEEDED, ONE, "allowedcmds"),
	ROW(FILES, NONE, "tightfilexfer ultrafilexfer permitfiletransfer"),
	ROW(NOT_NEEDED, NONE,
		"notightfilexfer noultraext noserverdpms chatwindow"),

	/* x11vnc: capture */
	ROW(NOT_NEEDED, ONE,
		"xd_area xd_mem wait defer deferupdate deferptrupdate wait_ui "
		"setdefer slow_fb xrefresh extra_fbur sb fs gaps grow fuzz "
		"fixscreen speeds wmdt"),
	ROW(NOT_NEEDED, NONE,
		"onetile flipbyteorder nowait_bog nap nonap nothreads"),
	ROW(NOT_NEEDED, MAYBE, "ncache nc wireframe wf"),
	ROW(NOT_NEEDED, NONE,
		"noncache nonc ncache_cr nc_cr ncache_no_moveraise "
		"nc_no_moveraise ncache_no_dtchange nc_no_dtchange "
		"ncache_no_rootpixmap nc_no_rootpixmap ncache_keep_anims "
		"nc_keep_anims ncache_old_wm nc_old_wm nowireframe nowf "
		"nowireframelocal nowfl nowirecopyrect nowcr noscrollcopyrect "
		"noscr noxrecord grab_buster nograb_buster"),
	ROW(NOT_NEEDED, ONE,
		"ncache_pad nc_pad wirecopyrect wcr scrollcopyrect scr "
		"scr_area scr_skip scr_inc scr_keys scr_term scr_keyrepeat "
		"scr_parms"),
	ROW(LATER, NONE, "clientdpms"),
	ROW(NOT_NEEDED, NONE, "nofbpm fbpm"),

	/* x11vnc: cursor */
	NOTED(NOT_NEEDED, NONE, "cursor_drag nocursor_drag",
		"the pointer's shape always follows"),
	NOTED(NOT_NEEDED, NONE, "alpharemove noalphablend",
		"the pointer's own shape is sent, with its alpha"),
	NOTED(NOT_NEEDED, ONE, "arrow alphacut alphafrac",
		"the pointer's own shape is sent, with its alpha"),

	/* x11vnc: keyboard, pointer, clipboard */
	NOTED(NOT_NEEDED, NONE,
		"xkb noxkb modtweak nomodtweak capslock skip_dups noskip_dups "
		"sloppy_keys AvoidShiftNumLock",
		"a key is found with whatever modifiers it needs"),
	NOTED(NOT_NEEDED, NONE, "repeat",
		"viewers repeat their keys themselves"),
	NOTED(NOT_NEEDED, COUNT, "norepeat",
		"viewers repeat their keys themselves"),
	ROW(NOT_NEEDED, NONE,
		"always_inject nodragging allinput noallinput input_eagerly "
		"noinput_eagerly"),
	ROW(NOT_NEEDED, ONE, "pointer_mode pm input_skip"),
	ROW(LATER, NONE, "grabkbd grabptr ungrabboth grabalways"),
	ROW(LATER, ONE, "grablocal"),
	ROW(NOT_NEEDED, NONE, "isolevel3 xkbcompat xtrap multiptr"),

	/* x11vnc: the process */
	NOTED(NOT_NEEDED, ONE, "prog",
		"nothing here starts this program by its path"),
	NOTED(NOT_NEEDED, ONE, "sigpipe sig",
		"a viewer that goes is never a signal"),
	ROW(NOT_NEEDED, ONE, "query_retries remote_prefix"),
	ROW(NOT_NEEDED, MAYBE, "gui"),
	NOTED(NOT_NEEDED, NONE,
		"dbg nodbg debug_pointer dp debug_keyboard dk debug_xdamage "
		"debug_tiles dbt debug_scroll ds debug_wireframe dwf "
		"debug_grabs debug_sel debug_ncache",
		"-v logs more"),
	ROW(NOT_NEEDED, NONE,
		"macnodim macnosleep macnosaver macnowait macnoswap "
		"macnoresize macmenu macuskbd macnoopengl macnorawfb"),
	ROW(NOT_NEEDED, ONE, "macwheel maciconanim"),

	/* libvncserver */
	ROW(NOT_NEEDED, ONE, "progressive"),
	ROW(NOT_NEEDED, NONE, "enablehttpproxy"),

	/* x0vncserver and Xvnc */
	HIDDEN(PROTECTION, ONE, "Password", "say -rfbauth FILE"),
	UNLESS(PROTECTION, NONE, "RequireUsername", "0"),
	ROW(NOT_NEEDED, ONE,
		"PollingCycle MaxProcessorUsage CompareFB ZlibLevel "
		"AllowOverride"),
	ROW(NOT_NEEDED, NONE, "ImprovedHextile"),

	/* vncserver */
	NOTED(OTHER_JOB, MAYBE, "kill",
		"x11wsvnc -display :N -R stop ends the one that runs there"),
	NOTED(OTHER_JOB, NONE, "list", "-listdpy lists displays"),

	/* websockify */
	NOTED(NOT_NEEDED, NONE, "legacy-syslog", "-syslog is of that kind"),
	ROW(NOT_NEEDED, NONE, "libserver file-only"),

	/* KasmVNC, TurboVNC, wayvnc */
	ROW(LATER, ONE, "TreatLossless alr alrqual pointerlocktimeout"),
	NOTED(LATER, NONE, "disableBasicAuth", "-nopw lets everybody in"),
	ROW(LATER, NONE, "pamsession"),
	ROW(PROTECTION, ONE,
		"KasmPasswordFile DLP_ClipDelay DLP_ClipTypes DLP_Key* "
		"DLP_Log DLP_Region* DLP_Watermark*"),
	ROW(NOT_NEEDED, NONE,
		"DetectScrolling interframe nointerframe noreverse"),
};

size_t option_known_count(void)
{
	return sizeof(known_table) / sizeof(known_table[0]);
}

const struct option_known *option_known_at(size_t index)
{
	return &known_table[index];
}

const struct option_known *option_known_find(
	struct option_name name, enum option_match match)
{
	for (size_t i = 0; i < option_known_count(); i++) {
		if (option_name_in(known_table[i].names, name, match))
			return &known_table[i];
	}
	return NULL;
}

bool option_known_is_harmless(
	const struct option_known *known, const char *value)
{
	bool truth = true;
	struct option_name words;

	if (!known->harmless)
		return false;
	if (known->value == OPTION_KNOWN_NONE) {
		if (value && !option_value_truth(value, &truth))
			return false;
		return truth == (known->harmless[0] == '1');
	}
	if (!value)
		return false;
	words = (struct option_name){ value, strlen(value) };
	return option_name_in(known->harmless, words, OPTION_MATCH_ANY_CASE);
}
