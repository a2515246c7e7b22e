// An answer in pieces as libmicrohttpd sends it: no thread waits, a connection with nothing to send
// is suspended.
#pragma once

#include <microhttpd.h>

#include <memory>

#include "exporters/web/answer_stream.h"

namespace lastgasp {

// Null when there is no memory. The stream is over when the response is destroyed, which is before
// the socket of `connection` is closed.
MHD_Response* stream_response(MHD_Connection* connection, std::shared_ptr<AnswerStream> stream);

}  // namespace lastgasp
