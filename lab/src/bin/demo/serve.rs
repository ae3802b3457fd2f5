//! Leaves everything running, with lines to paste into a shell.

use std::io;

use lictor_lab::identity_provider::cast::Caller;

use crate::stage::Stage;

/// Prints what to try and returns when the user has had enough.
pub(crate) fn until_interrupted(stage: &Stage) -> io::Result<()> {
    println!("\n{}", invitation(stage));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(interruption())
}

fn invitation(stage: &Stage) -> String {
    let address = stage.envoy.address();
    let mut lines = vec![
        "Still running; Ctrl-C ends it. To try:".to_owned(),
        String::new(),
    ];
    for caller in Caller::ALL {
        if let Some(token) = caller.token(&stage.provider) {
            lines.push(format!("{}={token}", variable(caller)));
        }
    }
    let post = format!("curl -i http://{address}/sql -H 'content-type: application/json'");
    lines.extend([
        format!(r#"{post} -H "authorization: Bearer $ANA" -d '{{"query":"SELECT * FROM orders LIMIT 3"}}'"#),
        format!(r#"{post} -H "authorization: Bearer $BOT" -d '{{"query":"DROP TABLE orders"}}'"#),
        format!(r#"curl -i -X DELETE http://{address}/v1/orders -H "authorization: Bearer $DANA""#),
        format!("curl -s http://{}/stats/prometheus | grep ^lictor_", stage.envoy.admin().address()),
        format!("tail -f {}", stage.envoy.access_log().path().display()),
    ]);
    lines.join("\n")
}

const fn variable(caller: Caller) -> &'static str {
    match caller {
        Caller::Dana => "DANA",
        Caller::Ana => "ANA",
        Caller::ReportBot => "BOT",
        Caller::ReportBotForAlice => "BOT_FOR_ALICE",
        Caller::Nobody => "NOBODY",
    }
}

/// Ctrl-C, or a polite request to end.
async fn interruption() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
