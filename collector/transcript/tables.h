// Rows of the incident, note, boot and console tables, the same for the writer and for readers.
#pragma once

#include <string>

#include "collector/transcript/boot_row.h"
#include "collector/transcript/incident_note.h"
#include "collector/transcript/incident_row.h"
#include "collector/transcript/sqlite.h"
#include "collector/transcript/writer.h"

namespace lastgasp {

inline const std::string kIncidentColumns =
    "id,console,kind,severity,fingerprint,title,opened,updated,resolved,body";
inline const std::string kIncidentWithoutBody =
    "id,console,kind,severity,fingerprint,title,opened,updated,resolved,''";
inline const std::string kBootColumns = "console,began,done,reason,evidence";
inline const std::string kNoteColumns = "incident,at,acknowledges,author,text";
inline const std::string kConsoleColumns =
    "id,name,endpoint,platform,state,reason,state_since,last_received,stored_bytes";

// Of a row selected with the columns above.
IncidentRow incident_of(const Statement& row);
BootRow boot_of(const Statement& row);
IncidentNote note_of(const Statement& row);
ConsoleRow console_of(const Statement& row);

}  // namespace lastgasp
