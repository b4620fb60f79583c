/* scale_form.h - how a viewer that asked for a smaller picture is told its
 * size, where it knows neither DesktopSize nor ExtendedDesktopSize.
 *
 * Threads: the loop thread.
 * Source:  UltraVNC's and PalmVNC's additions as libvncclient has them.
 */
#ifndef RFB_SCALE_FORM_H
#define RFB_SCALE_FORM_H

#include <stdbool.h>

struct session;

/* Sends the message of the viewer's kind when its picture has another size.
 * False: there was nothing to tell, or no form to tell it in. */
bool scale_form_tell(struct session *session);

#endif
