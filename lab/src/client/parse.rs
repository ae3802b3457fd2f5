//! Bytes of an HTTP/1.1 answer become an [`Answer`], by RFC 9112 section 6.3.

use std::io::{self, BufRead, Read};

use super::{Answer, find};

/// Reads one final answer.
pub(super) fn answer(reader: &mut impl BufRead, method: &str) -> io::Result<Answer> {
    let mut answer = head(reader)?;
    while (100..200).contains(&answer.status) && answer.status != 101 {
        answer = head(reader)?;
    }
    if method == "HEAD" || matches!(answer.status, 101 | 204 | 304) {
        return Ok(answer);
    }
    if find(&answer.headers, "transfer-encoding") == Some("chunked") {
        chunks(reader, &mut answer)?;
    } else if let Some(length) = find(&answer.headers, "content-length") {
        let length = length.parse().map_err(|_| malformed("content-length"))?;
        answer.body = exactly(reader, length)?;
    } else {
        reader.read_to_end(&mut answer.body)?;
    }
    Ok(answer)
}

fn head(reader: &mut impl BufRead) -> io::Result<Answer> {
    let status_line = line(reader)?;
    let status = status_line
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .ok_or_else(|| malformed("status line"))?;
    Ok(Answer {
        status,
        headers: fields(reader)?,
        ..Answer::default()
    })
}

fn fields(reader: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut fields = Vec::new();
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            return Ok(fields);
        }
        let (name, value) = line.split_once(':').ok_or_else(|| malformed("field"))?;
        fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn chunks(reader: &mut impl BufRead, answer: &mut Answer) -> io::Result<()> {
    loop {
        let size = line(reader)?;
        let size = usize::from_str_radix(&size, 16).map_err(|_| malformed("chunk size"))?;
        if size == 0 {
            answer.trailers = fields(reader)?;
            return Ok(());
        }
        answer.body.extend(exactly(reader, size)?);
        if !line(reader)?.is_empty() {
            return Err(malformed("end of chunk"));
        }
    }
}

fn exactly(reader: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the peer closed the connection before its answer was complete",
        ));
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Answer {
        answer(&mut text.as_bytes(), "GET").expect("well formed")
    }

    #[test]
    fn leaves_interim_answers_out() {
        let answer =
            parsed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
        assert_eq!((answer.status, answer.text().as_str()), (200, "hi"));
    }

    #[test]
    fn joins_chunks_and_keeps_trailers() {
        let answer = parsed(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\nX-Sum: 3\r\n\r\n",
        );
        assert_eq!(answer.text(), "hi!");
        assert_eq!(answer.trailers, [("x-sum".to_owned(), "3".to_owned())]);
    }

    #[test]
    fn an_answer_that_is_cut_short_is_an_error() {
        let cut = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhi";
        let kind = answer(&mut cut.as_bytes(), "GET").map_err(|cause| cause.kind());
        assert_eq!(kind.err(), Some(io::ErrorKind::UnexpectedEof));
    }
}
