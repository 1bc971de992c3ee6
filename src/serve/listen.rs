//! Where the preview listens.
//!
//! In: what the command line says. Out: a listener, and the addresses under which it is reached.
//! Serves nothing yet.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

use crate::error::Error;

/// The port when none is given.
const PORT: u16 = 1616;
/// Connections that may wait to be taken: many at once should not have to knock again.
#[cfg(unix)]
const BACKLOG: i32 = 4096;
/// How many ports are tried from there.
const TRIES: u16 = 100;

/// Where to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen {
    /// Who can reach it.
    pub reach: Reach,
    /// At which port.
    pub port: Port,
}

/// Who can reach the preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Whoever reaches this address.
    Address(IpAddr),
    /// Every device on the local network.
    LocalNetwork,
}

/// At which port the preview listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// 1616, or the next that is free.
    Free,
    /// This one or none; 0 is any that is free.
    Fixed(u16),
}

/// A listener and its addresses.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) listener: TcpListener,
    /// Scheme and authority for this machine.
    pub(super) origin: String,
    /// Scheme and authority for other devices.
    pub(super) lan: Option<String>,
}

/// Listens.
pub(super) fn bind(listen: &Listen) -> Result<Bound, Error> {
    let address = match listen.reach {
        Reach::Address(address) => address,
        Reach::LocalNetwork => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    };
    let lan = (listen.reach == Reach::LocalNetwork).then(own_address).transpose()?;
    let listener = match listen.port {
        Port::Fixed(port) => {
            TcpListener::bind((address, port)).map_err(|error| taken(address, port, &error))?
        }
        Port::Free => next_free(address)?,
    };
    let failed = |error: io::Error| Error::io("listen at", address.to_string(), &error);
    #[cfg(unix)]
    rustix::net::listen(&listener, BACKLOG).map_err(|error| failed(error.into()))?;
    listener.set_nonblocking(true).map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let here = if address.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address };
    let origin = |address: IpAddr| format!("http://{}", SocketAddr::new(address, port));
    Ok(Bound { listener, origin: origin(here), lan: lan.map(origin) })
}

fn next_free(address: IpAddr) -> Result<TcpListener, Error> {
    for port in PORT..PORT + TRIES {
        match TcpListener::bind((address, port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            outcome => return outcome.map_err(|error| taken(address, port, &error)),
        }
    }
    let why = format!("the ports {PORT} to {} are all in use", PORT + TRIES - 1);
    Err(Error::new("listen at", address.to_string(), why).with_help("name a free one with `--port`"))
}

fn taken(address: IpAddr, port: u16, error: &io::Error) -> Error {
    let place = SocketAddr::new(address, port).to_string();
    match error.kind() {
        io::ErrorKind::AddrInUse => Error::new("listen at", place, format!("port {port} is in use"))
            .with_help("end the program that uses it, or leave out `--port` to take the next free one"),
        io::ErrorKind::AddrNotAvailable => Error::io("listen at", place, error)
            .with_help("`--host` takes an address of this machine; `--lan` finds the one for other devices"),
        io::ErrorKind::PermissionDenied => Error::io("listen at", place, error)
            .with_help("ports below 1024 are the system's; take a higher one"),
        _ => Error::io("listen at", place, error),
    }
}

/// The address that other devices reach this machine at: the one it would send from. Nothing is sent.
fn own_address() -> Result<IpAddr, Error> {
    let failed = |error: io::Error| {
        Error::io("find this machine's address in", "the local network", &error)
            .with_help("give the address with `--host`")
    };
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).map_err(failed)?;
    // An address set aside for documentation: any that is not ours will do.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).map_err(failed)?;
    Ok(socket.local_addr().map_err(failed)?.ip())
}
